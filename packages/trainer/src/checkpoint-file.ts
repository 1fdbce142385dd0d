/*
 * A checkpoint as one file in the safetensors format (github.com/huggingface/safetensors): eight bytes with the header's length, a JSON
 * header that names each array with its type, shape and place, then the arrays. Python opens it too. What is no array stands as JSON
 * in the header's metadata, whose values are strings.
 */
import { type Checkpoint, GichoError, type NamedArray, sizeOf } from '@gicho/core'
import { isRecord, readState, type StateFields } from './checkpoint-state.ts'

const FORMAT = 'gicho-checkpoint'
const VERSION = '1'
const LENGTH_BYTES = 8
/** safetensors allows headers of up to 100 MB; those of image classifiers have some kilobytes. */
const MAX_HEADER_BYTES = 10_000_000

interface Entry {
  readonly dtype: 'F32' | 'U32'
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** The bytes of a checkpoint's file. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const { weights, optimizer, random, ...rest } = checkpoint
  const state: StateFields = { ...rest, randomPosition: random.position }
  const entries = new Map<string, Entry>([
    ...weights.map(floatEntry('weights')),
    ...optimizer.map(floatEntry('optimizer')),
    ['random/key', { dtype: 'U32', shape: [random.key.length], bytes: bytesOf(random.key) }],
  ])
  const header: Record<string, unknown> = {
    __metadata__: { format: FORMAT, formatVersion: VERSION, state: JSON.stringify(state) },
  }
  let end = 0
  for (const [name, { dtype, shape, bytes }] of entries) {
    header[name] = { dtype, shape, data_offsets: [end, end + bytes.length] }
    end += bytes.length
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const headerBytes = Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + end).fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true)
  file.set(text, LENGTH_BYTES)
  let at = LENGTH_BYTES + headerBytes
  for (const { bytes } of entries.values()) {
    file.set(bytes, at)
    at += bytes.length
  }
  return file
}

/**
 * The checkpoint in a file's bytes.
 *
 * @param where names the file in error messages
 * @throws GichoError `bad-data` for anything that {@link encodeCheckpoint} doesn't write
 */
export function decodeCheckpoint(bytes: Uint8Array, where = 'checkpoint'): Checkpoint {
  const { header, data } = splitFile(bytes, where)
  const { __metadata__: metadata, ...arrays } = header
  if (!isRecord(metadata) || metadata.format !== FORMAT || metadata.formatVersion !== VERSION) {
    throw damaged(where, `its metadata doesn't say "format": "${FORMAT}" and version ${VERSION}`)
  }
  const { randomPosition, ...state } = readState(metadata.state, (detail) => damaged(where, detail))
  const weights: NamedArray[] = []
  const optimizer: NamedArray[] = []
  let key: Uint32Array | undefined
  for (const [name, entry] of Object.entries(arrays)) {
    const array = readEntry(entry, data, (detail) => damaged(where, `${name}: ${detail}`))
    const [group, ...rest] = name.split('/')
    const own = rest.join('/')
    if (group === 'weights' && array.dtype === 'F32') weights.push(floatArray(own, array))
    else if (group === 'optimizer' && array.dtype === 'F32') optimizer.push(floatArray(own, array))
    else if (name === 'random/key' && array.dtype === 'U32') key = new Uint32Array(copyOf(array.bytes))
    else throw damaged(where, `it has an array ${name} of type ${array.dtype}, which is none of a checkpoint's`)
  }
  if (key?.length !== 624) throw damaged(where, 'its random/key has not 624 words')
  return { ...state, weights, optimizer, random: { key, position: randomPosition } }
}

function floatEntry(group: string): (array: NamedArray) => [string, Entry] {
  return ({ name, shape, values }) => [`${group}/${name}`, { dtype: 'F32', shape, bytes: bytesOf(values) }]
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** In memory of its own, aligned: `slice` of Node's Buffer doesn't copy. */
function copyOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

function floatArray(name: string, { shape, bytes }: Entry): NamedArray {
  return { name, shape, values: new Float32Array(copyOf(bytes)) }
}

function splitFile(bytes: Uint8Array, where: string): { header: Record<string, unknown>; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = bytes.length < LENGTH_BYTES ? -1 : Number(view.getBigUint64(0, true))
  if (length < 2 || length > Math.min(MAX_HEADER_BYTES, bytes.length - LENGTH_BYTES)) {
    throw damaged(where, `its ${bytes.length} bytes don't begin with the length of a header`)
  }
  const text = new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length))
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch (error) {
    throw damaged(where, "its header isn't JSON", error)
  }
  if (!isRecord(header)) throw damaged(where, "its header isn't a JSON object")
  return { header, data: bytes.subarray(LENGTH_BYTES + length) }
}

function readEntry(entry: unknown, data: Uint8Array, wrong: (detail: string) => GichoError): Entry {
  if (!isRecord(entry)) throw wrong('expected an object')
  const { dtype, shape, data_offsets: offsets } = entry
  if (dtype !== 'F32' && dtype !== 'U32') throw wrong(`expected dtype F32 or U32, got ${String(dtype)}`)
  if (!isSizes(shape)) throw wrong('expected a shape of whole sizes')
  const [begin = -1, end = -1] = isSizes(offsets) ? offsets : []
  if (begin < 0 || end > data.length || end - begin !== 4 * sizeOf(shape)) {
    throw wrong(`expected ${4 * sizeOf(shape)} bytes within ${data.length}, got ${begin}..${end}`)
  }
  return { dtype, shape, bytes: data.subarray(begin, end) }
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function damaged(where: string, detail: string, cause?: unknown): GichoError {
  const message = `${where}: expected a checkpoint of gicho, but ${detail}. Use an earlier one.`
  return new GichoError('bad-data', message, { cause })
}
