import { isExif } from './exif-orientation.ts'
import type { ImageFormat } from './image-kind.ts'
import { imageParts, viewOf } from './image-parts.ts'

/**
 * An image file without its Exif part. A browser turns an image as that part says, and some do so for `imageOrientation: 'none'` too;
 * without it every browser gives the pixels as they were stored, which `turnUpright` then turns as it does in Node.
 */
export function withoutExif(bytes: Uint8Array, format: ImageFormat): Uint8Array {
  const dropped = [...imageParts(bytes, format)].filter((part) => isExif[format](bytes, part))
  if (dropped.length === 0) return bytes
  const kept = new Uint8Array(dropped.reduce((length, { start, end }) => length - (end - start), bytes.length))
  let read = 0
  let written = 0
  for (const { start, end } of [...dropped, { start: bytes.length, end: bytes.length }]) {
    kept.set(bytes.subarray(read, start), written)
    written += start - read
    read = end
  }
  if (format === 'webp')
    viewOf(kept).setUint32(4, viewOf(bytes).getUint32(4, true) - (bytes.length - kept.length), true)
  return kept
}
