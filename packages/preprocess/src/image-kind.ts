/* What a file is, by its first bytes: a name can say anything. */

/** The formats that are decoded. */
export type ImageFormat = 'png' | 'jpeg' | 'webp'

/** A format that can be decoded, or what else the file seems to be, in words. */
export type ImageKind =
  | { readonly format: ImageFormat }
  | { readonly format?: undefined; readonly words: string; readonly isImage: boolean }

type Signature = readonly [start: string, offset: number, what: string]

const FORMATS: readonly (readonly [start: string, offset: number, format: ImageFormat])[] = [
  ['\x89PNG\r\n\x1a\n', 0, 'png'],
  ['\xff\xd8\xff', 0, 'jpeg'],
  ['WEBP', 8, 'webp'],
]

const OTHER_IMAGES: readonly Signature[] = [
  ['GIF8', 0, 'a GIF image'],
  ['ftypavif', 4, 'an AVIF image'],
  ['ftypavis', 4, 'an AVIF image'],
  ['ftyphei', 4, 'a HEIC image'],
  ['ftyphev', 4, 'a HEIC image'],
  ['ftypmif1', 4, 'a HEIF image'],
  ['ftypmsf1', 4, 'a HEIF image'],
  ['\xff\x0a', 0, 'a JPEG XL image'],
  ['\0\0\0\x0cJXL ', 0, 'a JPEG XL image'],
  ['\0\0\0\x0cjP  ', 0, 'a JPEG 2000 image'],
  ['II*\0', 0, 'a TIFF image'],
  ['MM\0*', 0, 'a TIFF image'],
  ['BM', 0, 'a BMP image'],
  ['<svg', 0, 'an SVG drawing'],
]

const OTHER_FILES: readonly Signature[] = [
  ['%PDF', 0, 'a PDF document'],
  ['PK\x03\x04', 0, 'a zip archive'],
]

/** Recognises a file by its first bytes; an unknown one is described by them. */
export function imageKind(bytes: Uint8Array): ImageKind {
  const start = String.fromCharCode(...bytes.subarray(0, 32))
  const fits = ([text, offset]: readonly [string, number, string]): boolean => start.startsWith(text, offset)
  const known = FORMATS.find(fits)
  if (known) return { format: known[2] }
  const image = OTHER_IMAGES.find(fits)
  if (image) return { words: image[2], isImage: true }
  const words = OTHER_FILES.find(fits)?.[2] ?? describeStart(bytes)
  return { words, isImage: false }
}

function describeStart(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file'
  const first = bytes.subarray(0, 32)
  const isText = first.every((byte) => byte >= 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)
  if (isText) return 'a text file'
  const hex = Array.from(first.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return `a file that begins with ${hex}`
}
