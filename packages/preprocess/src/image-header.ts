import { GichoError } from '@gicho/core'
import { exifOrientation, type Orientation } from './exif-orientation.ts'
import { type ImageFormat, imageKind } from './image-kind.ts'
import { END_OF_IMAGE, type ImagePart, imageParts, viewOf } from './image-parts.ts'

/** What an image file says about itself, before a pixel of it is unpacked. */
export interface ImageHeader {
  readonly format: ImageFormat
  readonly width: number
  readonly height: number
  /** How its Exif says that the stored pixels lie; 1 is upright. Width and height are those of the stored pixels. */
  readonly orientation: Orientation
}

/** A decoded image of more would take over 256 MB, whatever the size of its file. */
const MOST_PIXELS = 64_000_000
const FORMAT_NAMES: Readonly<Record<ImageFormat, string>> = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP' }

/**
 * Reads an image's format and size from its file, and checks that the file is whole and not too large to be decoded.
 *
 * @param where names the image in error messages
 * @throws GichoError `bad-data` for an empty, truncated or damaged file or what is no image; `unsupported` for other
 *   formats than PNG, JPEG and WebP, for animations, CMYK, and for more than 64 megapixels
 */
export function readImageHeader(bytes: Uint8Array, where = 'image'): ImageHeader {
  const kind = imageKind(bytes)
  if (kind.format === undefined) {
    throw new GichoError(
      kind.isImage ? 'unsupported' : 'bad-data',
      `${where}: expected a PNG, JPEG or WebP image, got ${kind.words}. ` +
        `${kind.isImage ? 'Save it as PNG' : 'Pass an image'}; the name of a file doesn't matter, its content does.`,
    )
  }
  const { format } = kind
  const parts = [...imageParts(bytes, format)]
  checkWhole(bytes, format, parts, where)
  const size = sizeReaders[format](bytes, parts, where)
  if (size === undefined || size.width < 1 || size.height < 1) throw damaged(format, where, 'it says no size')
  if (size.width * size.height > MOST_PIXELS) {
    throw new GichoError(
      'unsupported',
      `${where}: expected an image of at most 64 megapixels, got ${size.width}x${size.height}, which is ` +
        `${Math.round((size.width * size.height) / 1e6).toLocaleString('en-US')} megapixels. Scale it down first.`,
    )
  }
  return { format, ...size, orientation: exifOrientation(bytes, format, parts) }
}

/** The error for an image that can't be decoded. */
export function damaged(format: ImageFormat, where: string, why: string, cause?: unknown): GichoError {
  return new GichoError(
    'bad-data',
    `${where}: expected a whole ${FORMAT_NAMES[format]} image, got a damaged one: ${why}. Copy or save it anew.`,
    { cause },
  )
}

function checkWhole(bytes: Uint8Array, format: ImageFormat, parts: readonly ImagePart[], where: string): void {
  const last = parts.at(-1)
  const ends: Record<ImageFormat, () => boolean> = {
    png: () => parts.some(({ name, end }) => name === 'IEND' && end <= bytes.length),
    jpeg: () => last?.name === END_OF_IMAGE,
    webp: () => viewOf(bytes).getUint32(4, true) + 8 <= bytes.length && last !== undefined && last.end <= bytes.length,
  }
  if (!ends[format]()) throw damaged(format, where, `it is cut off after ${bytes.length.toLocaleString('en-US')} bytes`)
}

type Size = Pick<ImageHeader, 'width' | 'height'>
type SizeReader = (bytes: Uint8Array, parts: readonly ImagePart[], where: string) => Size | undefined

const sizeReaders: Readonly<Record<ImageFormat, SizeReader>> = { png: pngSize, jpeg: jpegSize, webp: webpSize }

function pngSize(bytes: Uint8Array, [first]: readonly ImagePart[]): Size | undefined {
  if (first?.name !== 'IHDR' || first.end - first.content < 17) return undefined
  const view = viewOf(bytes)
  return { width: view.getUint32(first.content), height: view.getUint32(first.content + 4) }
}

/** The frame header: SOF0 to SOF15, without the tables DHT (c4), JPG (c8) and DAC (cc) that stand between them. */
function jpegSize(bytes: Uint8Array, parts: readonly ImagePart[], where: string): Size | undefined {
  const frame = parts.find(({ name }) => /^c[0-35-79-bd-f]$/.test(name))
  if (frame === undefined || frame.content + 6 > bytes.length) return undefined
  const view = viewOf(bytes)
  if (view.getUint8(frame.content + 5) === 4) {
    throw new GichoError(
      'unsupported',
      `${where}: expected a JPEG in colours or grey, got one in CMYK, which is made for printing. Save it as RGB.`,
    )
  }
  return { width: view.getUint16(frame.content + 3), height: view.getUint16(frame.content + 1) }
}

/** VP8X (with features), VP8L (lossless, sizes of 14 bits less 1) or VP8 (lossy, sizes of 14 bits). */
function webpSize(bytes: Uint8Array, [first]: readonly ImagePart[], where: string): Size | undefined {
  if (first === undefined || first.content + 10 > bytes.length) return undefined
  const view = viewOf(bytes)
  const at = first.content
  if (first.name === 'VP8X') {
    const animated = (view.getUint8(at) & 0x02) !== 0
    if (animated) {
      throw new GichoError(
        'unsupported',
        `${where}: expected a still image, got a WebP animation. Save one of its frames as an image.`,
      )
    }
    return { width: 1 + (view.getUint32(at + 3, true) >>> 8), height: 1 + (view.getUint32(at + 6, true) >>> 8) }
  }
  if (first.name === 'VP8L') {
    const bits = view.getUint32(at + 1, true)
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
  }
  if (first.name !== 'VP8 ') return undefined
  return { width: view.getUint16(at + 6, true) & 0x3fff, height: view.getUint16(at + 8, true) & 0x3fff }
}
