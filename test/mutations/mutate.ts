/*
 * Damages files as disks, networks and enemies do: flipped bits, cuts, splices, repeated pieces, and other numbers where a
 * length or a size may stand. A case is a seed and a number: the same ones give the same bytes.
 */

/** Whole numbers below `limit`. */
export type Draw = (limit: number) => number

/** Draws for one case; mulberry32, whose states are apart for neighbouring cases. */
export function drawsOf(seed: number, index: number): Draw {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
}

/** A damaged copy: one to three mutations. */
export function mutate(bytes: Uint8Array, draw: Draw): Uint8Array {
  let damaged = new Uint8Array(bytes)
  for (let left = 1 + draw(3); left > 0 && damaged.length > 0; left--) {
    damaged = (MUTATIONS[draw(MUTATIONS.length)] ?? flipBits)(damaged, draw)
  }
  return damaged
}

type Mutation = (bytes: Uint8Array<ArrayBuffer>, draw: Draw) => Uint8Array<ArrayBuffer>

const MUTATIONS: readonly Mutation[] = [
  flipBits,
  setBytes,
  cut,
  remove,
  repeat,
  splice,
  editLength,
  editLength,
  editDigits,
]

/** What programs trip over where a number stands. */
const NUMBERS = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
]
const WORDS = [
  '0',
  '-1',
  '1e9',
  '999999999',
  '4294967296',
  '9007199254740993',
  '1e400',
  'null',
  '""',
  '[]',
  '{}',
  '1.5',
]

function flipBits(bytes: Uint8Array<ArrayBuffer>, draw: Draw): Uint8Array<ArrayBuffer> {
  for (let left = 1 + draw(8); left > 0; left--) {
    const at = draw(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << draw(8))
  }
  return bytes
}

function setBytes(bytes: Uint8Array<ArrayBuffer>, draw: Draw): Uint8Array<ArrayBuffer> {
  const at = draw(bytes.length)
  const value = [0, 0xff, 0x20, draw(256)][draw(4)] ?? 0
  return bytes.fill(value, at, at + 1 + draw(16))
}

function cut(bytes: Uint8Array<ArrayBuffer>, draw: Draw): Uint8Array<ArrayBuffer> {
  return bytes.slice(0, draw(bytes.length))
}

function remove(bytes: Uint8Array<ArrayBuffer>, draw: Draw): Uint8Array<ArrayBuffer> {
  const [start, end] = part(bytes, draw)
  return join(bytes.subarray(0, start), bytes.subarray(end))
}

/** Up to sixteen times, so that a file grows to some hundred kilobytes at most. */
function repeat(bytes: Uint8Array<ArrayBuffer>, draw: Draw): Uint8Array<ArrayBuffer> {
  const [start, end] = part(bytes, draw)
  const again = Array.from({ length: 1 + draw(16) }, () => bytes.subarray(start, end))
  return join(bytes.subarray(0, end), ...again, bytes.subarray(end)).slice(0, 400_000)
}

function splice(bytes: Uint8Array<ArrayBuffer>, draw: Draw): Uint8Array<ArrayBuffer> {
  const [start, end] = part(bytes, draw)
  const piece = bytes.slice(start, end)
  bytes.set(
    piece.subarray(0, Math.max(0, bytes.length - start)),
    Math.min(draw(bytes.length), bytes.length - piece.length),
  )
  return bytes
}

/** A number of 16, 32 or 64 bits, of either order. */
function editLength(bytes: Uint8Array<ArrayBuffer>, draw: Draw): Uint8Array<ArrayBuffer> {
  const size = [2, 4, 4, 8][draw(4)] ?? 4
  if (bytes.length < size) return bytes
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = draw(bytes.length - size + 1)
  const value = draw(4) === 0 ? draw(2 ** 32) : (NUMBERS[draw(NUMBERS.length)] ?? 0)
  const little = draw(2) === 0
  if (size === 2) view.setUint16(at, value & 0xffff, little)
  else if (size === 4) view.setUint32(at, value, little)
  else view.setBigUint64(at, BigInt(value), little)
  return bytes
}

/** Another word in the place of a number that is written in digits, near some place of the file. */
function editDigits(bytes: Uint8Array<ArrayBuffer>, draw: Draw): Uint8Array<ArrayBuffer> {
  const isDigit = (at: number): boolean => (bytes[at] ?? 0) >= 48 && (bytes[at] ?? 0) <= 57
  let start = draw(bytes.length)
  while (start < bytes.length && !isDigit(start)) start++
  let end = start
  while (end < bytes.length && isDigit(end)) end++
  const word = new TextEncoder().encode(WORDS[draw(WORDS.length)])
  return join(bytes.subarray(0, start), word, bytes.subarray(end))
}

function part(bytes: Uint8Array, draw: Draw): readonly [start: number, end: number] {
  const start = draw(bytes.length)
  return [start, Math.min(bytes.length, start + 1 + draw(draw(4) === 0 ? bytes.length : 64))]
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((size, { length }) => size + length, 0))
  let at = 0
  for (const one of parts) {
    bytes.set(one, at)
    at += one.length
  }
  return bytes
}
