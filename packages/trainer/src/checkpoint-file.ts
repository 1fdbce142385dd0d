/*
 * A checkpoint as one file in the safetensors format (github.com/huggingface/safetensors): eight bytes with the header's length, a JSON
 * header that names each array with its type, shape and place, then the arrays. Python opens it too. What is no array stands as JSON
 * in the header's metadata, whose values are strings. So does a checksum: the CRC-32 of the whole file with zeros for its own eight
 * digits. Version 1 had none and is still read.
 */
import { type Checkpoint, checkBytes, crc32, GichoError, type NamedArray, sizeOf } from '@gicho/core'
import { isRecord, readState, type StateFields } from './checkpoint-state.ts'

const FORMAT = 'gicho-checkpoint'
const VERSION = '2'
const VERSION_WITHOUT_CHECKSUM = '1'
const NO_CHECKSUM = '00000000'
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
    __metadata__: { format: FORMAT, formatVersion: VERSION, crc32: NO_CHECKSUM, state: JSON.stringify(state) },
  }
  let end = 0
  for (const [name, { dtype, shape, bytes }] of entries) {
    header[name] = { dtype, shape, data_offsets: [end, end + bytes.length] }
    end += bytes.length
  }
  const json = JSON.stringify(header)
  const text = encode(json)
  const headerBytes = Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + end).fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true)
  file.set(text, LENGTH_BYTES)
  let at = LENGTH_BYTES + headerBytes
  for (const { bytes } of entries.values()) {
    file.set(bytes, at)
    at += bytes.length
  }
  file.set(encode(digitsOf(crc32(file))), LENGTH_BYTES + checksumPlace(json, NO_CHECKSUM))
  return file
}

/**
 * The checkpoint in a file's bytes.
 *
 * @param where names the file in error messages
 * @throws GichoError `bad-data` for anything that {@link encodeCheckpoint} doesn't write
 */
export function decodeCheckpoint(bytes: Uint8Array, where = 'checkpoint'): Checkpoint {
  checkBytes(where, bytes)
  const { json, header, data } = splitFile(bytes, where)
  const { __metadata__: metadata, ...arrays } = header
  const version = isRecord(metadata) && metadata.format === FORMAT ? metadata.formatVersion : undefined
  if (!isRecord(metadata) || (version !== VERSION && version !== VERSION_WITHOUT_CHECKSUM)) {
    throw damaged(where, `its metadata doesn't say "format": "${FORMAT}" and version ${VERSION}`)
  }
  if (version === VERSION) checkSum(bytes, json, metadata.crc32, where)
  checkPlaces(Object.values(arrays), data.length, (detail) => damaged(where, detail))
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

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function digitsOf(checksum: number): string {
  return checksum.toString(16).padStart(NO_CHECKSUM.length, '0')
}

/** Where the digits of the checksum begin in the header, in bytes. */
function checksumPlace(json: string, digits: string): number {
  const name = '"crc32":"'
  return encode(json.slice(0, json.indexOf(`${name}${digits}"`))).length + name.length
}

function checkSum(bytes: Uint8Array, json: string, digits: unknown, where: string): void {
  if (typeof digits !== 'string' || !/^[0-9a-f]{8}$/.test(digits)) throw damaged(where, 'its checksum is missing')
  const place = LENGTH_BYTES + checksumPlace(json, digits)
  const before = crc32(bytes.subarray(0, place))
  const found = crc32(bytes.subarray(place + digits.length), crc32(encode(NO_CHECKSUM), before))
  if (digitsOf(found) === digits) return
  throw damaged(where, `its bytes have the checksum ${digitsOf(found)} instead of ${digits}`)
}

/** The arrays lie one behind the other and fill the file, as the format demands: none twice, nothing between them or after the last. */
function checkPlaces(entries: readonly unknown[], dataBytes: number, wrong: (detail: string) => GichoError): void {
  const places = entries.map((entry) => {
    const offsets = isRecord(entry) ? entry.data_offsets : undefined
    if (!isSizes(offsets) || offsets.length !== 2) throw wrong('an array has no place in it')
    const [begin = 0, end = 0] = offsets
    return { begin, end }
  })
  places.sort((a, b) => a.begin - b.begin || a.end - b.end)
  let at = 0
  for (const { begin, end } of places) {
    if (begin !== at || end < begin) throw wrong(`an array begins at byte ${begin} where byte ${at} was expected`)
    at = end
  }
  if (at !== dataBytes) throw wrong(`its arrays end at byte ${at} of ${dataBytes}`)
}

interface SplitFile {
  readonly json: string
  readonly header: Record<string, unknown>
  readonly data: Uint8Array
}

function splitFile(bytes: Uint8Array, where: string): SplitFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = bytes.length < LENGTH_BYTES ? -1 : Number(view.getBigUint64(0, true))
  if (length < 2 || length > Math.min(MAX_HEADER_BYTES, bytes.length - LENGTH_BYTES)) {
    throw damaged(where, `its ${bytes.length} bytes don't begin with the length of a header`)
  }
  let json: string
  let header: unknown
  try {
    json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length),
    )
    header = JSON.parse(json)
  } catch (error) {
    throw damaged(where, "its header isn't JSON", error)
  }
  if (!isRecord(header)) throw damaged(where, "its header isn't a JSON object")
  return { json, header, data: bytes.subarray(LENGTH_BYTES + length) }
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
