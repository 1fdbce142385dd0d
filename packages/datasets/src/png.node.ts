import { type DecodedPng, decodePng as decodePixels, GichoError, type ImageShape, messageOf } from '@gicho/core'

/** An image of a dataset; more than this is a photo that somebody forgot to scale down, or an attack. */
const MAX_SIDE = 4096
const HEADER_BYTES = 24
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** An image as bytes. */
export interface DecodedImage {
  /** [height, width, channels] row-major. */
  readonly pixels: Uint8Array
  readonly shape: ImageShape & { readonly 2: 1 | 3 }
}

/**
 * Decodes a PNG of at most 8 bits a value, grey, coloured or with a palette; transparency is left out.
 *
 * @param channels 1 for luma, 3 for colours; absent: what the image has
 * @throws GichoError `bad-data` for what isn't a PNG, is damaged, or has a side above 4,096; `unsupported` for 16
 *   bits
 */
export function decodePng(bytes: Uint8Array, where: string, channels?: 1 | 3): DecodedImage {
  checkStart(bytes, where)
  const image = decodeWhole(bytes, where)
  const { width, height, channels: step, pixels: values } = image
  if (image.depth > 8) {
    throw new GichoError(
      'unsupported',
      `${where}: expected a PNG of at most 8 bits a value, got ${image.depth}. Save it with 8 bits a channel.`,
    )
  }
  const wanted = channels ?? (step < 3 ? 1 : 3)
  const pixels = new Uint8Array(width * height * wanted)
  for (let i = 0; i < width * height; i++) {
    const r = values[i * step] ?? 0
    const g = step < 3 ? r : (values[i * step + 1] ?? 0)
    const b = step < 3 ? r : (values[i * step + 2] ?? 0)
    if (wanted === 1) pixels[i] = luma(r, g, b)
    else pixels.set([r, g, b], i * 3)
  }
  return { pixels, shape: [height, width, wanted] }
}

/** ITU-R 601-2 in whole numbers, as Pillow's `convert('L')`; a grey stays what it is. */
function luma(r: number, g: number, b: number): number {
  return (r * 19595 + g * 38470 + b * 7471 + 0x8000) >>> 16
}

/** The size stands at the file's start: a bomb is refused before it is unpacked. */
function checkStart(bytes: Uint8Array, where: string): void {
  if (bytes.length < HEADER_BYTES || !SIGNATURE.every((byte, i) => byte === bytes[i])) {
    const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
    throw new GichoError(
      'bad-data',
      `${where}: expected a PNG image, got ${bytes.length === 0 ? 'an empty file' : `a file that begins with ${start}`}. ` +
        'Save the image as PNG: its name alone makes it none.',
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  if (width > MAX_SIDE || height > MAX_SIDE || width * height === 0) {
    throw new GichoError(
      'bad-data',
      `${where}: expected an image of 1x1 to ${MAX_SIDE}x${MAX_SIDE}, got ${height}x${width}. Scale it down.`,
    )
  }
}

function decodeWhole(bytes: Uint8Array, where: string): DecodedPng {
  try {
    return decodePixels(bytes, MAX_SIDE * MAX_SIDE)
  } catch (cause) {
    throw new GichoError(
      'bad-data',
      `${where}: expected a whole PNG image, got a damaged one: ${messageOf(cause)}. Save it anew.`,
      { cause },
    )
  }
}
