import '@tensorflow/tfjs-backend-cpu'
import { execFileSync } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isGichoError, type NamedArray, sgd, unitRange } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { fileSystem, loadModel, saveModel } from './file-system.node.ts'
import { mnistMlp } from './mnist-mlp.ts'
import type { SavedModel } from './saved-model.ts'

// Stands in for a full disk: writing a file of this name fails.
const failing = vi.hoisted(() => ({ name: '' }))
vi.mock(import('@gicho/core'), async (importOriginal) => {
  const original = await importOriginal()
  const replaceFile: typeof original.replaceFile = async (path, content) => {
    if (failing.name && path.endsWith(failing.name)) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
    await original.replaceFile(path, content)
  }
  return { ...original, replaceFile }
})

const home = await mkdtemp(join(tmpdir(), 'gicho-models-'))
let folder = home
let count = 0

beforeEach(() => {
  folder = join(home, String(count++), 'model')
})

afterAll(() => rm(home, { recursive: true }))

const classNames = [...'0123456789']
const state: NamedArray[] = [{ name: 'momentum', shape: [2], values: Float32Array.of(1, 2) }]
const compile = { loss: 'categoricalCrossentropy', optimizer: sgd({ momentum: 0.9 }), metrics: ['accuracy'] } as const

function lesson(seed: number): SavedModel {
  return { model: mnistMlp({ seed }), classNames, input: unitRange([784]), compile, optimizerState: state }
}

async function firstWeight(model: tfl.LayersModel): Promise<Float32Array> {
  return Float32Array.from((await model.weights[0]?.read().data()) ?? [])
}

async function filesOf(kind: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith(kind))
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (isGichoError(error)) return error.code
  }
  return 'none'
}

test("a lesson's model comes back whole", async () => {
  const saved = lesson(1)
  await saveModel(folder, saved)
  const { model, ...rest } = await loadModel(folder)
  expect(rest).toEqual({ classNames, input: unitRange([784]), compile, optimizerState: state })
  expect(await firstWeight(model)).toEqual(await firstWeight(saved.model))
  expect(await readdir(folder)).toHaveLength(3) // model.json, one file of weights, one of optimizer state
})

test('plain tfjs loads it, in Node and in a page by URL', async () => {
  const saved = lesson(1)
  await saveModel(folder, saved)
  const here = await tfl.loadLayersModel(fileSystem(folder))
  expect(await firstWeight(here)).toEqual(await firstWeight(saved.model))
  const fetchFunc = async (url: RequestInfo | URL) => {
    const type = String(url).endsWith('json') ? 'application/json' : 'application/octet-stream'
    const file = await readFile(join(folder, String(url).replace('https://example.org/m/', '')))
    return new Response(new Uint8Array(file), { headers: { 'content-type': type } })
  }
  const page = await tfl.loadLayersModel(tf.io.http('https://example.org/m/model.json', { fetchFunc }))
  expect(await firstWeight(page)).toEqual(await firstWeight(saved.model))
})

test('plain tfjs saves through the handler, with its optimizer', async () => {
  const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 1, inputShape: [2] })] })
  model.compile({ loss: 'meanSquaredError', optimizer: 'adam' })
  await model.fit(tf.ones([4, 2]), tf.zeros([4, 1]), { verbose: 0 })
  const result = await model.save(fileSystem(folder), { includeOptimizer: true })
  expect(result.modelArtifactsInfo.weightDataBytes).toBeGreaterThan(12)
  const again = await tfl.loadLayersModel(fileSystem(folder))
  expect(again.optimizer.getClassName()).toBe('Adam')
  expect(await firstWeight(again)).toEqual(await firstWeight(model))
  await expect(loadModel(folder)).rejects.toThrow("expected gicho's metadata (class names, input treatment), got none")
})

test('large models are cut into shards of 4 MiB', async () => {
  const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 1200, inputShape: [1000] })] })
  await model.save(fileSystem(folder))
  expect((await filesOf('weights')).map((name) => name.split('-')[2]).sort()).toEqual(['1of2.bin', '2of2.bin'])
  expect(await firstWeight(await tfl.loadLayersModel(fileSystem(folder)))).toEqual(await firstWeight(model))
})

test("a second save replaces the first, and leaves other people's files", async () => {
  await saveModel(folder, lesson(1))
  await writeFile(join(folder, 'notes.txt'), 'mine')
  const second = lesson(2)
  await saveModel(folder, second)
  expect(await readdir(folder)).toHaveLength(4)
  expect(await firstWeight((await loadModel(folder)).model)).toEqual(await firstWeight(second.model))
})

test('a save that fails at model.json leaves the earlier model, and nothing of its own', async () => {
  const first = lesson(1)
  await saveModel(folder, first)
  const files = await readdir(folder)
  failing.name = 'model.json'
  await expect(saveModel(folder, lesson(2))).rejects.toThrow(
    `saveModel: ${folder} can't be written: the disk is full. Make room`,
  )
  failing.name = ''
  expect(await readdir(folder)).toEqual(files)
  expect(await firstWeight((await loadModel(folder)).model)).toEqual(await firstWeight(first.model))
})

test('a save that was killed before model.json has changed nothing that loads', async () => {
  const first = lesson(1)
  await saveModel(folder, first)
  const other = join(home, 'other')
  await saveModel(other, lesson(2))
  const weights = (await readdir(other)).filter((name) => name.startsWith('weights'))
  for (const name of weights) await copyFile(join(other, name), join(folder, name))
  expect(await firstWeight((await loadModel(folder)).model)).toEqual(await firstWeight(first.model))
  await rm(join(other, 'model.json'))
  expect(await codeOf(loadModel(other))).toBe('not-found') // weights alone are no model
})

test('a folder that refuses is named, and nothing is left in it', async () => {
  await mkdir(join(folder, 'model.json'), { recursive: true }) // a directory where the file should go
  await expect(saveModel(folder, lesson(1))).rejects.toThrow(`saveModel: ${folder} can't be written: `)
  expect(await readdir(folder)).toEqual(['model.json'])
  expect(await codeOf(saveModel(folder, lesson(1)))).toBe('io')
  await expect(loadModel(folder)).rejects.toMatchObject({
    code: 'bad-data',
    message: `${join(folder, 'model.json')}: expected a file, got a folder. Name a plain file.`,
  })
})

test('a missing folder, a file in its place and a folder without model.json are told apart', async () => {
  await expect(loadModel(folder)).rejects.toThrow(
    `loadModel: expected a folder ${folder}, got none. Pass the folder that saveModel has written.`,
  )
  await mkdir(folder, { recursive: true })
  await expect(loadModel(folder)).rejects.toThrow(`loadModel: expected model.json in ${folder}, got none.`)
  const file = join(folder, 'file')
  await writeFile(file, '')
  await expect(loadModel(file)).rejects.toThrow(
    `${file}: expected the folder of a model (with model.json), got a file that is no model.`,
  )
  expect(await codeOf(loadModel(file))).toBe('bad-data')
})

test.each([
  ['{"modelTopology":', 'bad-data', 'expected JSON, but '],
  ['[]', 'bad-data', 'expected a JSON object, got something else.'],
  ['{}', 'bad-data', 'expected a layers model (modelTopology with class_name and config)'],
  [
    '{"format":"graph-model","modelTopology":{}}',
    'unsupported',
    'expected a layers model, got a graph model, whose layers are gone.',
  ],
  ['{"modelTopology":{"class_name":"Sequential","config":{}}}', 'bad-data', 'expected a weightsManifest'],
  [
    '{"modelTopology":{"class_name":"Sequential","config":{}},"weightsManifest":[{"paths":["x.bin"],"weights":[{}]}]}',
    'bad-data',
    'expected a weightsManifest with paths and weights, got something else.',
  ],
  [
    '{"modelTopology":{"class_name":"Sequential","config":{}},"weightsManifest":[{"paths":["../x.bin"],"weights":[]}]}',
    'bad-data',
    'expected weight files inside the folder, got ../x.bin.',
  ],
])('model.json %s is refused as %s', async (json, code, message) => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'model.json'), json)
  await expect(loadModel(folder)).rejects.toThrow(message)
  expect(await codeOf(loadModel(folder))).toBe(code)
})

test('pipes, devices and endless files in the place of a model are refused at once', async () => {
  await saveModel(folder, lesson(1))
  const [name = ''] = await filesOf('weights')
  const put = async (file: string, kind: 'pipe' | 'device'): Promise<void> => {
    await rm(join(folder, file))
    if (kind === 'pipe') execFileSync('mkfifo', [join(folder, file)])
    else await symlink('/dev/zero', join(folder, file))
  }
  await put(name, 'device')
  await expect(loadModel(folder)).rejects.toThrow(`${name}: expected a file, got a device.`)
  await put(name, 'pipe')
  await expect(loadModel(folder)).rejects.toThrow(`${name}: expected a file, got a pipe.`)
  await rm(join(folder, name))
  await writeFile(join(folder, name), '')
  await truncate(join(folder, name), 1e12)
  await expect(loadModel(folder)).rejects.toThrow('of at most 3727 kB, got 1000000 MB.')
  await put('model.json', 'pipe')
  await expect(loadModel(folder)).rejects.toThrow('model.json: expected a file, got a pipe.')
  await put('model.json', 'device')
  await expect(loadModel(folder)).rejects.toThrow('model.json: expected a file, got a device.')
  await saveModel(folder, lesson(2)) // replaces what is there, and reads nothing of it
  expect((await loadModel(folder)).classNames).toEqual(classNames)
})

test('weights that are named twice, or have no size that makes sense, are refused', async () => {
  await saveModel(folder, lesson(1))
  const path = join(folder, 'model.json')
  const text = await readFile(path, 'utf8')
  const [name = ''] = await filesOf('weights')
  await writeFile(path, text.replace(`"${name}"`, `"${name}","${name}"`))
  await expect(loadModel(folder)).rejects.toThrow(`expected weight files that are named once, got ${name} twice.`)
  for (const size of ['-784', '1e300', '9007199254740991', '0.5', '"784"']) {
    await writeFile(path, text.replace('"shape":[784,', `"shape":[${size},`))
    await expect(loadModel(folder)).rejects.toThrow('expected a weightsManifest with paths and weights')
  }
})

test('truncated, changed and missing weight files are told apart', async () => {
  await saveModel(folder, lesson(1))
  const [name = ''] = await filesOf('weights')
  const path = join(folder, name)
  const bytes = await readFile(path)
  bytes[1000] = (bytes[1000] ?? 0) ^ 1
  await writeFile(path, bytes)
  await expect(loadModel(folder)).rejects.toThrow(`expected ${name} to have the SHA-256 in its name, got another.`)
  expect(await codeOf(loadModel(folder))).toBe('bad-hash')
  await truncate(path, 1000)
  await expect(loadModel(folder)).rejects.toThrow(
    `${folder}: expected 2678824 bytes in ${name}, got 1000. The file is damaged: save the model again.`,
  )
  await rm(path)
  await expect(loadModel(folder)).rejects.toThrow(
    `${folder}: expected the weight file ${name} beside model.json, got none. Copy the whole folder.`,
  )
  expect(await codeOf(loadModel(folder))).toBe('not-found')
})

test("a folder of Teachable Machine's says how it is kept with its class names", async () => {
  await mnistMlp({ seed: 1 }).save(fileSystem(folder))
  await writeFile(join(folder, 'metadata.json'), JSON.stringify({ tmVersion: '2.4.10', labels: ['a', 'b'] }))
  await expect(loadModel(folder)).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining(
      "got a Teachable Machine model without gicho's metadata. Load it with tf.loadLayersModel(fileSystem(FOLDER))",
    ),
  })
  await writeFile(join(folder, 'metadata.json'), '{}')
  await expect(loadModel(folder)).rejects.toThrow("expected gicho's metadata")
})
