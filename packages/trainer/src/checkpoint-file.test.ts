import { type Checkpoint, RandomState } from '@gicho/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint-file.ts'

const epoch = {
  epoch: 1,
  loss: 0.1 + 0.2,
  accuracy: 1 / 3,
  val_loss: 1e-300,
  val_accuracy: 1,
  seconds: 1.5,
  msPerStep: 2,
}

function checkpoint(values: Float32Array = Float32Array.of(1, -2.5, Number.NaN, 3e-40)): Checkpoint {
  const random = new RandomState(3)
  random.random()
  return {
    recipe: 'asl-cnn',
    weights: [
      { name: 'conv2d/kernel', shape: [values.length], values },
      { name: 'scalar', shape: [], values: Float32Array.of(7) },
    ],
    optimizer: [{ name: 'rms/conv2d/kernel', shape: [2, 1], values: Float32Array.of(0, 5) }],
    random: random.snapshot(),
    rowsOfPass: 64,
    epoch: 1,
    progress: { steps: 2, samples: 64, loss: 80.5, correct: 10 },
    seconds: 0.25,
    learningRate: 1e-3,
    history: [epoch, { epoch: 2, loss: 1, accuracy: 0, seconds: 1, msPerStep: 1 }],
  }
}

test('what is encoded is decoded, to the bit', () => {
  expect(decodeCheckpoint(encodeCheckpoint(checkpoint()))).toEqual(checkpoint())
  // A view that begins anywhere in its buffer, as Node's Buffer does.
  const file = encodeCheckpoint(checkpoint())
  const shifted = new Uint8Array(file.length + 3)
  shifted.set(file, 3)
  const view = Buffer.from(shifted.buffer, 3)
  expect(decodeCheckpoint(view)).toEqual(checkpoint())
  fc.assert(
    fc.property(fc.float32Array({ noNaN: false }), (values) => {
      const [kernel] = decodeCheckpoint(encodeCheckpoint(checkpoint(values))).weights
      expect(new Uint8Array(kernel?.values.buffer ?? new ArrayBuffer(0))).toEqual(new Uint8Array(values.slice().buffer))
    }),
  )
})

test('the limit of a clip is kept, and left out where there is none', () => {
  const clipped = { ...checkpoint(), clip: 0.25 }
  expect(decodeCheckpoint(encodeCheckpoint(clipped))).toEqual(clipped)
  expect(decodeCheckpoint(encodeCheckpoint(checkpoint()))).not.toHaveProperty('clip')
})

test('the file is safetensors: a length, a JSON header with places in what follows', () => {
  const file = encodeCheckpoint(checkpoint())
  const length = Number(new DataView(file.buffer).getBigUint64(0, true))
  expect(length % 8).toBe(0)
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))
  expect(header['weights/conv2d/kernel']).toEqual({ dtype: 'F32', shape: [4], data_offsets: [0, 16] })
  expect(header['random/key']).toMatchObject({ dtype: 'U32', shape: [624] })
  expect(Object.values(header.__metadata__).every((value) => typeof value === 'string')).toBe(true)
})

test('a file that is cut anywhere, has one bit flipped anywhere, or has junk behind it is refused', () => {
  const file = encodeCheckpoint(checkpoint())
  const isRefused = (bytes: Uint8Array): boolean => {
    try {
      decodeCheckpoint(bytes)
      return false
    } catch (error) {
      expect(error).toMatchObject({ name: 'GichoError', code: 'bad-data' })
      return true
    }
  }
  for (let at = 0; at < file.length; at++) {
    const bytes = file.slice()
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
    if (!isRefused(bytes)) throw new Error(`byte ${at}`)
  }
  fc.assert(fc.property(fc.nat({ max: file.length - 1 }), (length) => isRefused(file.subarray(0, length))))
  fc.assert(
    fc.property(fc.nat({ max: file.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = file.slice()
      bytes[at] = (bytes[at] ?? 0) ^ change
      return isRefused(bytes)
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (junk) => isRefused(Uint8Array.of(...file, ...junk))),
    { numRuns: 20 },
  )
})

test('a file of the first version, which had no checksum, is still read', () => {
  const file = encodeCheckpoint(checkpoint())
  const text = new TextDecoder().decode(file)
  const earlier = text.replace('"formatVersion":"2","crc32":"', '"formatVersion":"1","other":"')
  const at = text.indexOf('"formatVersion"')
  file.set(new TextEncoder().encode(earlier.slice(at, at + 30)), at)
  expect(decodeCheckpoint(file)).toEqual(checkpoint())
})

test('every mistake is named', () => {
  // Version 1: the first check that such a file meets is the one that names its mistake.
  const broken = (change: (header: Record<string, unknown>) => void): Uint8Array => {
    const file = encodeCheckpoint(checkpoint())
    const length = Number(new DataView(file.buffer).getBigUint64(0, true))
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))
    Object.assign(header.__metadata__, { formatVersion: '1' })
    change(header)
    const text = new TextEncoder().encode(JSON.stringify(header))
    const bytes = new Uint8Array(8 + text.length + file.length - 8 - length)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
    bytes.set(text, 8)
    bytes.set(file.subarray(8 + length), 8 + text.length)
    return bytes
  }
  const state = (change: object) => (header: Record<string, unknown>) => {
    const metadata = header.__metadata__ as Record<string, string>
    metadata.state = JSON.stringify({ ...JSON.parse(metadata.state ?? ''), ...change })
  }
  const said = (bytes: Uint8Array) => () => decodeCheckpoint(bytes, 'x.safetensors')
  expect(said(new Uint8Array(3))).toThrow("x.safetensors: expected a checkpoint of gicho, but its 3 bytes don't begin")
  expect(said(broken((header) => delete header.__metadata__))).toThrow('its metadata doesn\'t say "format"')
  const add = (name: string, entry: object) => broken((header) => Object.assign(header, { [name]: entry }))
  const scalar = { dtype: 'F32', shape: [], data_offsets: [16, 20] }
  expect(said(broken((header) => Object.assign(header, { 'weights/scalar': undefined, other: scalar })))).toThrow(
    'it has an array other of type F32',
  )
  expect(said(add('weights/scalar', { ...scalar, dtype: 'I8' }))).toThrow(
    'weights/scalar: expected dtype F32 or U32, got I8',
  )
  expect(said(add('weights/scalar', { ...scalar, shape: [1e9] }))).toThrow('expected 4000000000 bytes within')
  expect(said(add('weights/x', { dtype: 'F32', shape: [4], data_offsets: [0, 16] }))).toThrow(
    'an array begins at byte 0 where byte 16 was expected',
  )
  expect(said(add('weights/scalar', { ...scalar, data_offsets: [20, 16] }))).toThrow('an array begins at byte 20')
  expect(said(add('weights/x', { dtype: 'F32', shape: [1] }))).toThrow('an array has no place in it')
  expect(said(broken((header) => delete header['random/key']))).toThrow(/its arrays end at byte 28 of 2524/)
  expect(said(broken((header) => Object.assign(header.__metadata__ ?? {}, { formatVersion: '2', crc32: 7 })))).toThrow(
    'its checksum is missing',
  )
  expect(said(broken((header) => Object.assign(header.__metadata__ ?? {}, { formatVersion: '2' })))).toThrow(
    /its bytes have the checksum [0-9a-f]{8} instead of [0-9a-f]{8}/,
  )
  expect(said(broken(state({ epoch: 1.5 })))).toThrow('its epoch is no whole number')
  expect(said(broken(state({ learningRate: 'fast' })))).toThrow('its learningRate is no number >= 0')
  expect(said(broken(state({ clip: '1' })))).toThrow('its clip is no number >= 0')
  expect(said(broken(state({ history: [3] })))).toThrow('something that is no epoch')
})

test('what is no bytes is named before anything of it is read', () => {
  const { buffer }: { buffer: Uint8Array } = Object.assign({ buffer: new Uint8Array() }, { buffer: new ArrayBuffer(9) })
  expect(() => decodeCheckpoint(buffer)).toThrow(
    'checkpoint: expected the bytes of a file in a Uint8Array, got an object',
  )
})
