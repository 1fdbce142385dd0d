import { GichoError } from '@gicho/core'
import { checkPixels } from './luma-grey.ts'

/** Pixels in each direction. */
export interface PixelSize {
  readonly width: number
  readonly height: number
}

/**
 * An image in another size by nearest neighbour, byte for byte as Pillow's `resize((width, height), NEAREST)`, which is
 * what Keras' `load_img(target_size=…)` does unless told otherwise. Nothing is mixed, so that a canvas which smooths
 * gives other bytes.
 *
 * @param pixels [height, width, channels] bytes
 * @param from their size; `channels` is 1 (grey) unless said
 * @param to the new size
 * @returns [to.height, to.width, channels] bytes in new memory
 * @throws GichoError `bad-shape` when the bytes aren't such an image, `bad-argument` for a size that isn't a whole
 *   number >= 1
 */
export function resizeNearest(
  pixels: Uint8Array | Uint8ClampedArray,
  from: PixelSize & { readonly channels?: number },
  to: PixelSize,
): Uint8Array {
  const { width, height, channels = 1 } = from
  for (const size of [width, height, to.width, to.height]) {
    if (!Number.isInteger(size) || size < 1) {
      throw new GichoError('bad-argument', `resizeNearest: expected whole sizes >= 1, got ${size}.`)
    }
  }
  checkPixels('resizeNearest', pixels, { width, height, channels })
  const columns = sourceIndices(width, to.width)
  const resized = new Uint8Array(to.width * to.height * channels)
  let at = 0
  for (const row of sourceIndices(height, to.height)) {
    for (const column of columns) {
      const source = (row * width + column) * channels
      for (let c = 0; c < channels; c++) resized[at++] = pixels[source + c] ?? 0
    }
  }
  return resized
}

/** The pixel under the middle of each new one. Pillow adds the step up in float64, so its rounding has to be repeated. */
function sourceIndices(from: number, to: number): Uint32Array {
  const step = from / to
  const indices = new Uint32Array(to)
  let middle = step * 0.5
  for (let i = 0; i < to; i++) {
    indices[i] = Math.floor(middle)
    middle += step
  }
  return indices
}
