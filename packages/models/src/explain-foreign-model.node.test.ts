import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { explainForeignModel } from './explain-foreign-model.node.ts'
import { loadModel } from './file-system.node.ts'
import { zipNames } from './zip-names.ts'

const foreign = fileURLToPath(new URL('../fixtures/foreign/', import.meta.url))

let room = ''
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'gicho-foreign-'))
})
afterEach(() => rm(room, { recursive: true }))

async function put(name: string, content: string | Uint8Array = ''): Promise<string> {
  const path = join(room, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
  return path
}

/** What a path is said to be. */
async function told(path: string): Promise<string | undefined> {
  const error = await explainForeignModel(path)
  if (error === undefined) return undefined
  expect(error.message.startsWith(`${path}: expected the folder of a model (with model.json), got `)).toBe(true)
  return error.message.slice(error.message.indexOf(' got ') + 5)
}

/** A zip archive of empty files. */
function zip(...names: string[]): Uint8Array {
  const encoded = names.map((name) => new TextEncoder().encode(name))
  const locals = encoded.map((name) => part(0x04034b50, 30, 26, name))
  const entries = encoded.map((name) => part(0x02014b50, 46, 28, name))
  const end = part(0x06054b50, 22, 20, new Uint8Array())
  const view = new DataView(end.buffer)
  view.setUint16(10, names.length, true)
  view.setUint32(
    12,
    entries.reduce((sum, entry) => sum + entry.length, 0),
    true,
  )
  return Buffer.concat([...locals, ...entries, end])
}

function part(signature: number, length: number, nameLengthAt: number, name: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(length + name.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, signature, true)
  view.setUint16(nameLengthAt, name.length, true)
  bytes.set(name, length)
  return bytes
}

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

test.each([
  ['keras-3.keras', /^a model of Keras 3\.15\.1 \(\.keras\)\. gicho doesn't read it yet\. Build the same layers/],
  ['keras-3.h5', /^a model of Keras 3 in HDF5 \(\.h5\)\. .*layer\.get_weights\(\)/],
  ['keras-2.h5', /^a model of Keras 2 in HDF5/],
  ['keras-3.weights.h5', /^the weights of a Keras model in HDF5 \(\.h5\), without its layers\./],
  ['keras-2.tflite', /^a TensorFlow Lite model \(\.tflite\)\. It holds computations, not layers/],
  ['checkpoint', /^a TensorFlow checkpoint, which holds weights without layers\. Load it into the Python program/],
  ['checkpoint/net', /^a TensorFlow checkpoint/],
  ['checkpoint/net.index', /^a TensorFlow checkpoint/],
])('%s, as Keras and TensorFlow write it, is told', async (name, words) => {
  expect(await told(join(foreign, name))).toMatch(words)
})

test('a file is told by its content, whatever its name', async () => {
  const { readFile } = await import('node:fs/promises')
  const renamed = await put('model.png', await readFile(join(foreign, 'keras-3.keras')))
  expect(await told(renamed)).toMatch(/^a model of Keras 3\.15\.1/)
})

test.each([
  ['a.onnx', bytes('\x08\x08\x12\x07pytorch'), /^an ONNX model/],
  [
    'new.pt',
    zip('net/data.pkl', 'net/version', 'net/data/0'),
    /^a PyTorch file \(\.pt, \.pth\)\. .*kernels in the order/,
  ],
  ['script.pt', zip('net/data.pkl', 'net/code/__torch__.py'), /^a TorchScript model/],
  ['old.pth', bytes('\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.'), /^a PyTorch file/],
  [
    'a.pkl',
    bytes('\x80\x04\x95'),
    /^a Python pickle\. It could run any code when it is opened, so it is opened nowhere here\./,
  ],
  ['a.safetensors', bytes('\x20\0\0\0\0\0\0\0{"a":{"dtype":"F32"}}'), /^weights in safetensors, without layers\./],
  [
    'epoch.safetensors',
    bytes('\x20\0\0\0\0\0\0\0{"__metadata__":{"format":"gicho-checkpoint"}}'),
    /^a checkpoint of a run\. Name the folder of the run/,
  ],
  ['a.npy', bytes('\x93NUMPY'), /^an array of numpy/],
  ['a.npz', zip('a.npy', 'b.npy'), /^arrays of numpy/],
  ['a.pb', bytes('\x0a\x20\x0a\x01x\x12\x0bPlaceholder'), /^a TensorFlow graph/],
  ['photo.jpg', bytes('\xff\xd8\xff\xe0'), /^a picture\. Name the model first, then the pictures\./],
  [
    'tm.zip',
    zip('model.json', 'weights.bin', 'metadata.json'),
    /^a Teachable Machine model in a zip archive\. Unpack it first\. Load it with tf\.loadLayersModel/,
  ],
  [
    'tm-keras.zip',
    zip('keras_model.h5', 'labels.txt'),
    /^a Teachable Machine model for Keras, in a zip archive\. Export the model there once more, as TensorFlow\.js\./,
  ],
  [
    'tm-lite.zip',
    zip('model_unquant.tflite', 'labels.txt'),
    /^a Teachable Machine model for TensorFlow Lite, in a zip/,
  ],
  ['saved.zip', zip('my/saved_model.pb', 'my/variables/variables.index'), /^a TensorFlow SavedModel in a zip archive/],
  ['run.zip', zip('1/run.json', '1/model/model.json'), /^a run in a zip archive\. Unpack it, and name the folder\./],
  ['tfjs.zip', zip('model.json', 'weights.bin'), /^a TensorFlow\.js model in a zip archive/],
  ['other.zip', zip('readme.txt'), /^a zip archive\. Unpack it/],
  ['notes.txt', bytes('hello'), /^a file that is no model\. Name the folder that saveModel has written\./],
  ['empty.keras', new Uint8Array(), /^a file that is no model/],
] as const)('%s is told, with what to do', async (name, content, words) => {
  expect(await told(await put(name, content))).toMatch(words)
})

test('folders are told by what lies in them, ordinary ones and what is not there are left alone', async () => {
  const saved = dirname(await put('saved/saved_model.pb'))
  expect(await told(saved)).toMatch(/^a TensorFlow SavedModel\. It holds computations, not layers/)
  const checkpoints = dirname(await put('checkpoints/epoch-001-step-00000.safetensors'))
  expect(await told(checkpoints)).toMatch(
    /^the checkpoints of a run\. Name the folder of the run, the one with run\.json/,
  )
  expect(await told(dirname(await put('plain/notes.txt')))).toBeUndefined()
  expect(await told(join(room, 'nothing'))).toBeUndefined()
})

test('loadModel refuses other programs’ models with the same words, and what is no plain file at once', async () => {
  await expect(loadModel(join(foreign, 'keras-3.keras'))).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('got a model of Keras 3.15.1 (.keras).'),
  })
  await expect(loadModel('/dev/zero')).rejects.toThrow('/dev/zero: expected a model, got a device.')
})

test('any bytes give a sentence, and no name of an archive is read beyond its end', async () => {
  const path = join(room, 'any')
  const start = fc.constantFrom('PK\x03\x04', '\x89HDF\r\n\x1a\n', '\x08\x08', '', '\x80')
  await fc.assert(
    fc.asyncProperty(start, fc.uint8Array({ maxLength: 200 }), async (begin, rest) => {
      await writeFile(path, Buffer.concat([bytes(begin), rest]))
      expect(await told(path)).toMatch(/\.$/)
    }),
    { numRuns: 100 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(), (rest, size) => {
      const end = part(0x06054b50, 22, 20, new Uint8Array())
      new DataView(end.buffer).setUint32(12, size, true)
      expect(zipNames(Buffer.concat([bytes('PK\x01\x02'), rest, end])).length).toBeLessThan(4)
    }),
  )
})
