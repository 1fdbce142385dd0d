import { GichoError } from '@gicho/core'
import { checkPixels } from './luma-grey.ts'
import type { PixelSize } from './resize-nearest.ts'

/** MNIST's frame: the picture's side, and that of the box that a digit fills. */
const SIDE = 28
const BOX = 20

/**
 * A drawing as MNIST's makers framed their digits: cut to its ink, brought into a box of 20x20 with its proportions
 * kept and its edges smoothed, and laid into 28x28 so that its centre of mass is the picture's centre.
 *
 * @param pixels [height, width] bytes, 0 is paper and 255 is ink
 * @returns [28, 28] bytes, or undefined where there is no ink
 * @throws GichoError `bad-shape` when the bytes aren't such a picture, `bad-argument` for an empty size
 *
 * @see Y. LeCun, C. Cortes, "The MNIST database": size-normalised to 20x20, centred by the centre of mass
 * @example
 * const seen = frameDigit(drawing, { width: 280, height: 280 }) // 784 bytes, ready for a network of lesson 1
 */
export function frameDigit(
  pixels: Uint8Array | Uint8ClampedArray,
  { width, height }: PixelSize,
): Uint8Array | undefined {
  if (!(width >= 1 && height >= 1)) {
    throw new GichoError('bad-argument', `frameDigit: expected sizes >= 1, got ${width}x${height}.`)
  }
  checkPixels('frameDigit', pixels, { width, height, channels: 1 })
  const ink = inkBox(pixels, width, height)
  if (ink === undefined) return undefined
  const zoom = BOX / Math.max(ink.width, ink.height)
  const size = { width: Math.max(1, Math.round(ink.width * zoom)), height: Math.max(1, Math.round(ink.height * zoom)) }
  return centred(averaged(pixels, width, ink, size), size)
}

interface Box extends PixelSize {
  readonly left: number
  readonly top: number
}

function inkBox(pixels: ArrayLike<number>, width: number, height: number): Box | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!pixels[y * width + x]) continue
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 }
}

/** Each new pixel is the mean of the area that it covers. */
function averaged(pixels: ArrayLike<number>, stride: number, box: Box, size: PixelSize): Float64Array {
  const columns = spans(box.left, box.width, size.width)
  const rows = spans(box.top, box.height, size.height)
  const result = new Float64Array(size.width * size.height)
  for (const [row, [y0, y1]] of rows.entries()) {
    for (const [column, [x0, x1]] of columns.entries()) {
      let sum = 0
      for (let y = Math.floor(y0); y < y1; y++) {
        const high = Math.min(y1, y + 1) - Math.max(y0, y)
        for (let x = Math.floor(x0); x < x1; x++) {
          sum += (pixels[y * stride + x] ?? 0) * high * (Math.min(x1, x + 1) - Math.max(x0, x))
        }
      }
      result[row * size.width + column] = sum / ((y1 - y0) * (x1 - x0))
    }
  }
  return result
}

function spans(start: number, from: number, to: number): [number, number][] {
  return Array.from({ length: to }, (_, i) => [start + (i * from) / to, start + ((i + 1) * from) / to])
}

/** Moved by whole pixels, as MNIST's digits were; what a lopsided one would lose at the edge is kept inside. */
function centred(box: Float64Array, { width, height }: PixelSize): Uint8Array {
  let [mass, massX, massY] = [0, 0, 0]
  box.forEach((value, i) => {
    mass += value
    massX += value * (i % width)
    massY += value * Math.floor(i / width)
  })
  const offset = (middle: number, extent: number): number =>
    Math.min(SIDE - extent, Math.max(0, Math.round(SIDE / 2 - 0.5 - middle / mass)))
  const [left, top] = [offset(massX, width), offset(massY, height)]
  const picture = new Uint8Array(SIDE * SIDE)
  box.forEach((value, i) => {
    picture[(top + Math.floor(i / width)) * SIDE + left + (i % width)] = Math.round(value)
  })
  return picture
}
