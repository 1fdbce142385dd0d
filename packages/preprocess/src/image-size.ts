/*
 * The size that an image file says it has. A decoder takes memory for that size, so it has to be the only one in the file:
 * what says a small size in front and a huge one behind is refused.
 */
import { GichoError } from '@gicho/core'
import type { ImageFormat } from './image-kind.ts'
import { type ImagePart, viewOf } from './image-parts.ts'

/** In pixels, as they are stored. */
export interface ImageSize {
  readonly width: number
  readonly height: number
}

/**
 * Every size that a file says it has; decodable files say one, or the same one several times.
 *
 * @throws GichoError `unsupported` for CMYK and animations
 */
export function imageSizes(
  bytes: Uint8Array,
  format: ImageFormat,
  parts: readonly ImagePart[],
  where: string,
): readonly ImageSize[] {
  return readers[format](bytes, parts, where)
}

type SizeReader = (bytes: Uint8Array, parts: readonly ImagePart[], where: string) => readonly ImageSize[]

const readers: Readonly<Record<ImageFormat, SizeReader>> = { png: pngSizes, jpeg: jpegSizes, webp: webpSizes }

/** The header has to come first, and no other one after it. */
function pngSizes(bytes: Uint8Array, parts: readonly ImagePart[]): readonly ImageSize[] {
  if (parts[0]?.name !== 'IHDR') return []
  const view = viewOf(bytes)
  return parts
    .filter(({ name, content, end }) => name === 'IHDR' && end - content >= 17)
    .map(({ content }) => ({ width: view.getUint32(content), height: view.getUint32(content + 4) }))
}

/** The frame header: SOF0 to SOF15, without the tables DHT (c4), JPG (c8) and DAC (cc) that stand between them. */
function jpegSizes(bytes: Uint8Array, parts: readonly ImagePart[], where: string): readonly ImageSize[] {
  const view = viewOf(bytes)
  const frames = parts.filter(({ name, content }) => /^c[0-35-79-bd-f]$/.test(name) && content + 6 <= bytes.length)
  if (frames.some(({ content }) => view.getUint8(content + 5) === 4)) {
    throw new GichoError(
      'unsupported',
      `${where}: expected a JPEG in colours or grey, got one in CMYK, which is made for printing. Save it as RGB.`,
    )
  }
  return frames.map(({ content }) => ({ width: view.getUint16(content + 3), height: view.getUint16(content + 1) }))
}

/** A picture, lossy or lossless; in front of it may stand VP8X, with features and the size once more. */
function webpSizes(bytes: Uint8Array, parts: readonly ImagePart[], where: string): readonly ImageSize[] {
  const [first, ...others] = parts.filter(({ content }) => content + 10 <= bytes.length)
  if (first === undefined) return []
  if (first.name !== 'VP8X') return [first, ...others].flatMap((part) => pictureSize(bytes, part))
  const pictures = others.flatMap((part) => pictureSize(bytes, part))
  const canvas = canvasSize(bytes, first, where)
  return pictures.length === 0 ? [] : [canvas, ...pictures]
}

function canvasSize(bytes: Uint8Array, { content }: ImagePart, where: string): ImageSize {
  const view = viewOf(bytes)
  const animated = (view.getUint8(content) & 0x02) !== 0
  if (animated) {
    throw new GichoError(
      'unsupported',
      `${where}: expected a still image, got a WebP animation. Save one of its frames as an image.`,
    )
  }
  return { width: 1 + (view.getUint32(content + 3, true) >>> 8), height: 1 + (view.getUint32(content + 6, true) >>> 8) }
}

/** VP8L (lossless, sizes of 14 bits less 1) or VP8 (lossy, sizes of 14 bits); other parts say none. */
function pictureSize(bytes: Uint8Array, { name, content }: ImagePart): readonly ImageSize[] {
  const view = viewOf(bytes)
  if (name === 'VP8L') {
    const bits = view.getUint32(content + 1, true)
    return [{ width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }]
  }
  if (name !== 'VP8 ') return []
  return [{ width: view.getUint16(content + 6, true) & 0x3fff, height: view.getUint16(content + 8, true) & 0x3fff }]
}
