/*
 * How a camera was held, as Exif says it (CIPA DC-008, tag 0x0112). Exif is a small TIFF file inside of an image file: a header that
 * names the byte order and the place of a directory, and a directory of 12-byte entries. Only the first directory is read, never
 * what it leads to: offsets that form a circle or lead out of the file are met with "upright".
 */
import type { ImageFormat } from './image-kind.ts'
import { type ImagePart, nameAt, viewOf } from './image-parts.ts'

/**
 * Where the stored pixels' first row and first column belong: 1 upright, 2 mirrored, 3 turned by 180 degrees, 4 upside down and
 * mirrored, 5 to 8 lying on a side (6: to be turned by 90 degrees clockwise, 8: counter-clockwise, 5 and 7: mirrored as well).
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

const ORIENTATIONS: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8]
const ORIENTATION_TAG = 0x0112
const SHORT = 3
const LONG = 4
const ENTRY_BYTES = 12
const PREFIX = 'Exif'
const PREFIX_BYTES = 6 // "Exif" and two zeros

/** Where an image file's Exif may stand; a JPEG has other things in segments of the same marker. */
export const isExif: Readonly<Record<ImageFormat, (bytes: Uint8Array, part: ImagePart) => boolean>> = {
  png: (_, { name }) => name === 'eXIf',
  jpeg: (bytes, { name, content }) => name === 'e1' && nameAt(bytes, content) === PREFIX,
  webp: (_, { name }) => name === 'EXIF',
}

/** The orientation that an image file says it has; 1 where it says none, or nothing that makes sense. */
export function exifOrientation(bytes: Uint8Array, format: ImageFormat, parts: readonly ImagePart[]): Orientation {
  const part = parts.find((one) => isExif[format](bytes, one))
  if (part === undefined) return 1
  const tail = format === 'png' ? 4 : 0 // the chunk's checksum
  const content = bytes.subarray(part.content, Math.max(part.content, part.end - tail))
  return tiffOrientation(nameAt(content, 0) === PREFIX ? content.subarray(PREFIX_BYTES) : content)
}

function tiffOrientation(tiff: Uint8Array): Orientation {
  const order = nameAt(tiff, 0)
  const little = order === 'II*\0'
  if (tiff.length < 8 || !(little || order === 'MM\0*')) return 1
  const view = viewOf(tiff)
  const directory = view.getUint32(4, little)
  if (directory + 2 > tiff.length) return 1
  const entries = view.getUint16(directory, little)
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + i * ENTRY_BYTES
    if (at + ENTRY_BYTES > tiff.length) break
    const [tag, type, count] = [
      view.getUint16(at, little),
      view.getUint16(at + 2, little),
      view.getUint32(at + 4, little),
    ]
    if (tag !== ORIENTATION_TAG || count !== 1) continue
    if (type !== SHORT && type !== LONG) continue
    const value = type === SHORT ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little)
    return ORIENTATIONS.find((known) => known === value) ?? 1
  }
  return 1
}
