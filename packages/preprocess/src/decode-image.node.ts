import { decodePng, messageOf } from '@gicho/core'
import type { DecodedImage } from './decoded-image.ts'
import { damaged, MOST_PIXELS, readImageHeader } from './image-header.ts'
import type { ImageFormat } from './image-kind.ts'
import { decodeJpeg, decodeWebp } from './wasm-decoders.node.ts'

type Pixels = Pick<DecodedImage, 'pixels' | 'channels'> & { readonly width: number; readonly height: number }

const decoders: Readonly<Record<ImageFormat, (bytes: Uint8Array) => Pixels | Promise<Pixels>>> = {
  png: (bytes) => decodePng(bytes, MOST_PIXELS),
  jpeg: decodeJpeg,
  webp: decodeWebp,
}

/**
 * Decodes a PNG, JPEG or WebP image to the pixels as they are stored, byte for byte as Pillow does: no colour profile is
 * applied, the image isn't turned by its Exif part (its `orientation` says how; `turnUpright` does it), and alpha isn't
 * multiplied into the colours.
 *
 * PNGs of all depths are read: fewer than 8 bits are spread over 0..255, palettes become colours, and of 16 bits the
 * upper 8 are kept (as Pillow does for colours; for 16-bit greys it clips instead, which leaves little to see).
 *
 * @param bytes the whole file; its format is recognised by its content
 * @param where names the image in error messages
 * @returns PNG with the channels that it has, JPEG and WebP as RGBA
 * @throws GichoError what `readImageHeader` throws; `bad-data` for what can't be decoded
 *
 * @example
 * const image = await decodeImage(await readFile('hand.jpg'), 'hand.jpg')
 */
export async function decodeImage(bytes: Uint8Array, where = 'image'): Promise<DecodedImage> {
  const { format, width, height, orientation } = readImageHeader(bytes, where)
  try {
    const { pixels, channels, ...decoded } = await decoders[format](bytes)
    if (decoded.width !== width || decoded.height !== height) {
      throw new Error(`it says ${width}x${height} and holds ${decoded.width}x${decoded.height} pixels`)
    }
    return { pixels, width, height, channels, format, orientation }
  } catch (cause) {
    throw damaged(format, where, messageOf(cause), cause)
  }
}
