import { checkBytes, GichoError } from '@gicho/core'
import { exifOrientation, type Orientation } from './exif-orientation.ts'
import { type ImageFormat, imageKind } from './image-kind.ts'
import { END_OF_IMAGE, type ImagePart, imageParts, START_OF_SCAN, viewOf } from './image-parts.ts'
import { type ImageSize, imageSizes } from './image-size.ts'

/** What an image file says about itself, before a pixel of it is unpacked. */
export interface ImageHeader extends ImageSize {
  readonly format: ImageFormat
  /** How its Exif says that the stored pixels lie; 1 is upright. Width and height are those of the stored pixels. */
  readonly orientation: Orientation
}

/** A decoded image of more would take over 256 MB, whatever the size of its file. */
export const MOST_PIXELS = 64_000_000
/** Photos have a few hundred parts; a PNG of 64 megapixels in usual pieces of 8 kB has 32,000. */
const MOST_PARTS = 1 << 17
/** A progressive JPEG has some ten scans. Each goes over the whole image, so that thousands take minutes. */
const MOST_SCANS = 100
const FORMAT_NAMES: Readonly<Record<ImageFormat, string>> = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP' }

/**
 * Reads an image's format and size from its file, and checks that the file is whole and not too large to be decoded.
 *
 * @param where names the image in error messages
 * @throws GichoError `bad-data` for an empty, truncated or damaged file or what is no image; `unsupported` for other
 *   formats than PNG, JPEG and WebP, for animations, CMYK, and for more than 64 megapixels
 */
export function readImageHeader(bytes: Uint8Array, where = 'image'): ImageHeader {
  checkBytes(where, bytes)
  const kind = imageKind(bytes)
  if (kind.format === undefined) {
    throw new GichoError(
      kind.isImage ? 'unsupported' : 'bad-data',
      `${where}: expected a PNG, JPEG or WebP image, got ${kind.words}. ` +
        `${kind.isImage ? 'Save it as PNG' : 'Pass an image'}; the name of a file doesn't matter, its content does.`,
    )
  }
  const { format } = kind
  const parts = partsOf(bytes, format, where)
  checkWhole(bytes, format, parts, where)
  const size = onlySize(imageSizes(bytes, format, parts, where), format, where)
  checkScans(parts, format, where)
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

/** The file's size, which it may say several times, but not differently: what a decoder takes memory for is one of them. */
function onlySize(sizes: readonly ImageSize[], format: ImageFormat, where: string): ImageSize {
  const [size] = sizes
  if (size === undefined || size.width < 1 || size.height < 1) throw damaged(format, where, 'it says no size')
  for (const { width, height } of sizes) {
    if (width * height > MOST_PIXELS) {
      throw new GichoError(
        'unsupported',
        `${where}: expected an image of at most 64 megapixels, got ${width}x${height}, which is ` +
          `${Math.round((width * height) / 1e6).toLocaleString('en-US')} megapixels. Scale it down first.`,
      )
    }
    if (width !== size.width || height !== size.height) {
      throw damaged(format, where, `it says two sizes, ${size.width}x${size.height} and ${width}x${height}`)
    }
  }
  return size
}

function checkScans(parts: readonly ImagePart[], format: ImageFormat, where: string): void {
  if (format !== 'jpeg') return
  const scans = parts.filter(({ name }) => name === START_OF_SCAN).length
  if (scans > MOST_SCANS) throw damaged(format, where, `it has ${scans} scans, where some ten are usual`)
}

function partsOf(bytes: Uint8Array, format: ImageFormat, where: string): readonly ImagePart[] {
  const parts: ImagePart[] = []
  for (const part of imageParts(bytes, format)) {
    if (parts.length === MOST_PARTS) throw damaged(format, where, `it has more than ${MOST_PARTS} parts`)
    parts.push(part)
  }
  return parts
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
