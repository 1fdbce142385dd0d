/*
 * The pieces that image files consist of. PNG (W3C, 5.3) and WebP (RIFF) say each chunk's length, JPEG (ITU-T T.81, B.1)
 * says each segment's; between two segments may lie compressed data, in which 0xff is followed by 0 or a restart marker.
 */
import type { ImageFormat } from './image-kind.ts'

/** A PNG chunk, a JPEG segment or a RIFF chunk. */
export interface ImagePart {
  /** The chunk's four letters, or the segment's marker as two hexadecimal digits. */
  readonly name: string
  /** Its first byte in the file, with its name and length. */
  readonly start: number
  /** Where its content begins. */
  readonly content: number
  /** The first byte behind it: in a truncated file beyond the file's end. */
  readonly end: number
}

/** JPEG markers, as {@link ImagePart} names them. */
export const END_OF_IMAGE = 'd9'
export const START_OF_SCAN = 'da'

const END_MARKER = 0xd9
const LAST_RESTART_MARKER = 0xd7
const FIRST_RESTART_MARKER = 0xd0
const PNG_SIGNATURE_BYTES = 8
const RIFF_HEADER_BYTES = 12

/** A file's parts in order, up to the last one that begins inside the file. */
export function* imageParts(bytes: Uint8Array, format: ImageFormat): Generator<ImagePart> {
  if (format === 'png') yield* pngParts(bytes)
  else if (format === 'jpeg') yield* jpegParts(bytes)
  else yield* webpParts(bytes)
}

function* pngParts(bytes: Uint8Array): Generator<ImagePart> {
  const view = viewOf(bytes)
  let start = PNG_SIGNATURE_BYTES
  while (start + 8 <= bytes.length) {
    const end = start + 12 + view.getUint32(start) // length, name, content, checksum
    yield { name: nameAt(bytes, start + 4), start, content: start + 8, end }
    start = end
  }
}

function* jpegParts(bytes: Uint8Array): Generator<ImagePart> {
  const view = viewOf(bytes)
  let start = nextMarker(bytes, 2)
  while (start + 2 <= bytes.length) {
    const marker = bytes[start + 1] ?? 0
    const hasLength = marker !== END_MARKER && start + 4 <= bytes.length
    const end = start + 2 + (hasLength ? view.getUint16(start + 2) : 0)
    yield { name: marker.toString(16), start, content: start + 4, end }
    if (!hasLength) return
    start = nextMarker(bytes, end)
  }
}

/** Where the next marker stands that begins a segment or ends the image; the file's length when there is none. */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1] ?? 0
    const isRestart = marker >= FIRST_RESTART_MARKER && marker <= LAST_RESTART_MARKER
    if (marker > 1 && marker < 0xff && !isRestart) return at
  }
  return bytes.length
}

function* webpParts(bytes: Uint8Array): Generator<ImagePart> {
  const view = viewOf(bytes)
  let start = RIFF_HEADER_BYTES
  while (start + 8 <= bytes.length) {
    const length = view.getUint32(start + 4, true)
    const end = start + 8 + length + (length % 2) // padded to an even length
    yield { name: nameAt(bytes, start), start, content: start + 8, end }
    start = end
  }
}

/** Four letters of a chunk. */
export function nameAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}

/** Numbers of more than one byte. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
