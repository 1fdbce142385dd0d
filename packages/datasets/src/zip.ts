import { checkBytes, crc32, GichoError } from '@gicho/core'
import { type ByteFile, decompressed } from './byte-file.ts'

/*
 * Reads zip archives by their directory at the end (PKWARE's APPNOTE 6.3), as unpackers should: local headers may lack
 * sizes. Members are unpacked by the platform's own DecompressionStream, never further than the directory says, so an
 * archive that lies about its sizes can't fill the memory; members may not share bytes, or a small archive could hold one
 * thing a thousand times. What comes out is held against its CRC-32. Nothing is ever written to disk, and unsafe names are
 * refused all the same: an archive that has one isn't what it claims to be.
 */

const DIRECTORY_END = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_HEADER = 0x04034b50
const DIRECTORY_END_BYTES = 22
const ENTRY_BYTES = 46
const MAX_COMMENT_BYTES = 0xffff
const IN_ZIP64 = 0xffffffff
const STORED = 0
const DEFLATED = 8
const ENCRYPTED = 1

/** What the directory says of a member. */
export interface ZipMember extends ByteFile {
  /** With its folders: `sign_mnist_train/sign_mnist_train.csv`. */
  readonly path: string
  readonly sizeBytes: number
}

/** True when the bytes begin as a zip archive does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)
}

/**
 * The files in a zip archive, as its directory lists them; each is unpacked when it is read.
 *
 * @throws GichoError `bad-data` when the archive is cut off, damaged or followed by something else, when members share bytes
 *   or a name, or when one has an absolute path or `..`
 */
export function readZip(bytes: Uint8Array, where: string): readonly ZipMember[] {
  checkBytes(where, bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const found = [...members(view, where)]
    checkApart(view, found, where)
    return found.flatMap(({ file }) => file ?? [])
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    return damaged(where, 'a directory that points outside of it', cause)
  }
}

/** A member, or a folder, which has no file. */
interface Entry {
  /** Where its local header begins. */
  readonly start: number
  /** The first byte behind its content. */
  readonly end: number
  readonly file?: ZipMember
}

function* members(view: DataView, where: string): Generator<Entry> {
  const end = findDirectoryEnd(view, where)
  const count = view.getUint16(end + 10, true)
  const paths = new Set<string>()
  let at = view.getUint32(end + 16, true)
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== DIRECTORY_ENTRY) damaged(where, `a directory of ${i} members that says ${count}`)
    const nameBytes = view.getUint16(at + 28, true)
    const path = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + ENTRY_BYTES, nameBytes))
    checkPath(path, where)
    if (paths.has(path)) damaged(where, `two members of the name ${JSON.stringify(path)}`)
    paths.add(path)
    const { start, end } = placeOf(view, at, `${where}, ${path}`)
    yield path.endsWith('/') ? { start, end } : { start, end, file: member(view, at, path, where) }
    at += ENTRY_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
}

function findDirectoryEnd(view: DataView, where: string): number {
  const last = view.byteLength - DIRECTORY_END_BYTES
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
    if (view.getUint32(at, true) !== DIRECTORY_END) continue
    const behind = last - at - view.getUint16(at + 20, true)
    if (behind === 0) return at
    damaged(where, behind > 0 ? `${behind} bytes behind its end` : 'one that is cut off')
  }
  return damaged(where, `${view.byteLength} bytes without a directory at their end`)
}

/** @throws GichoError `bad-data` where members, or the last one and the directory, share bytes */
function checkApart(view: DataView, entries: readonly Entry[], where: string): void {
  const directory = view.getUint32(findDirectoryEnd(view, where) + 16, true)
  const sorted = [...entries].sort((a, b) => a.start - b.start)
  for (const [i, { end }] of sorted.entries()) {
    if (end > (sorted[i + 1]?.start ?? directory)) damaged(where, 'members that share bytes')
  }
}

function checkPath(path: string, where: string): void {
  const parts = path.split(/[/\\]/)
  const absolute = parts[0] === '' || /^[a-z]:/i.test(path)
  if (!absolute && !parts.includes('..') && !path.includes('\0')) return
  throw new GichoError(
    'bad-data',
    `${where}: expected members inside the archive's own folder, got ${JSON.stringify(path)}. ` +
      "The archive isn't safe to unpack: get it anew from where it was published.",
  )
}

function member(view: DataView, at: number, path: string, where: string): ZipMember {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const sizeBytes = view.getUint32(at + 24, true)
  const place = `${where}, ${path}`
  return { name, path, sizeBytes, where: place, pieces: () => unpacked(view, at, sizeBytes, place) }
}

async function* unpacked(view: DataView, at: number, sizeBytes: number, where: string): AsyncGenerator<Uint8Array> {
  const expected = view.getUint32(at + 16, true)
  let size = 0
  let crc = 0
  for await (const piece of content(packedBytes(view, at, where), view.getUint16(at + 10, true), where)) {
    size += piece.length
    if (size > sizeBytes) damaged(where, `more than the ${sizeBytes} bytes that the archive says`)
    crc = crc32(piece, crc)
    yield piece
  }
  if (size < sizeBytes) damaged(where, `${size} bytes where the archive says ${sizeBytes}`)
  if (crc !== expected) damaged(where, `a member whose checksum is ${hex(crc)} where the archive says ${hex(expected)}`)
}

function packedBytes(view: DataView, at: number, where: string): Uint8Array {
  if (view.getUint16(at + 8, true) & ENCRYPTED) damaged(where, 'an encrypted member')
  const { content, end } = placeOf(view, at, where)
  return new Uint8Array(view.buffer, view.byteOffset + content, end - content)
}

/** Where the archive has the member that a directory entry means. */
function placeOf(view: DataView, at: number, where: string): { start: number; content: number; end: number } {
  const packed = view.getUint32(at + 20, true)
  const start = view.getUint32(at + 42, true)
  if (packed === IN_ZIP64 || start === IN_ZIP64) damaged(where, 'a member of 4 GB or more')
  if (start + 30 > view.byteLength || view.getUint32(start, true) !== LOCAL_HEADER) {
    damaged(where, 'no member where its directory points')
  }
  const content = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true)
  const end = content + packed
  if (end > view.byteLength) damaged(where, 'a member that is cut off')
  return { start, content, end }
}

async function* content(packed: Uint8Array, method: number, where: string): AsyncGenerator<Uint8Array> {
  if (method === STORED) yield packed
  else if (method === DEFLATED) yield* decompressed(slices(packed), 'deflate-raw', where)
  else damaged(where, `a member packed by method ${method}, neither stored nor deflated`)
}

/** Small pieces, since one may unpack to a thousand times its size. */
async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const step = 1 << 16
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0')
}

function damaged(where: string, found: string, cause?: unknown): never {
  throw new GichoError('bad-data', `${where}: expected a whole zip archive, got ${found}. Get it anew.`, { cause })
}
