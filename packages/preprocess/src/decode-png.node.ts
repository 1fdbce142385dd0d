import { type DecodedPng, decode } from 'fast-png'
import type { DecodedImage } from './decoded-image.ts'

type Png = Pick<DecodedImage, 'pixels' | 'width' | 'height' | 'channels'>

/** Decodes a PNG of any depth to 8 bits a value. @throws Error for a damaged one */
export function decodePng(bytes: Uint8Array): Png {
  const png = decode(bytes, { checkCrc: true })
  const { width, height, palette } = png
  const values = toBytes(png)
  if (palette !== undefined) return { pixels: lookUp(values, palette), width, height, channels: 3 }
  const { channels } = png
  if (channels !== 1 && channels !== 2 && channels !== 3 && channels !== 4) throw new Error(`${channels} channels`)
  return { pixels: values, width, height, channels }
}

/** Indices as RGB; what a palette doesn't hold is black. */
function lookUp(indices: Uint8Array, palette: readonly (readonly number[])[]): Uint8Array {
  const pixels = new Uint8Array(indices.length * 3)
  for (let i = 0; i < indices.length; i++) {
    const colour = palette[indices[i] ?? 0]
    for (let c = 0; c < 3; c++) pixels[i * 3 + c] = colour?.[c] ?? 0
  }
  return pixels
}

function toBytes(png: DecodedPng): Uint8Array {
  if (png.depth === 16) return new Uint8Array(png.data.map((value) => value >> 8))
  return png.depth === 8 ? new Uint8Array(png.data) : unpack(png)
}

/** Pixels of 1, 2 or 4 bits, packed from the highest bit on; each row begins with a new byte. */
function unpack({ data, depth, width, height, palette }: DecodedPng): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8)
  const most = 2 ** depth - 1
  const scale = palette === undefined ? 255 / most : 1
  const values = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth
      const byte = data[y * rowBytes + (bit >> 3)] ?? 0
      values[y * width + x] = ((byte >> (8 - depth - (bit & 7))) & most) * scale
    }
  }
  return values
}
