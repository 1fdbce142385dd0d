import { GichoError } from '@gicho/core'
import type { DecodedImage } from './decoded-image.ts'
import type { Orientation } from './exif-orientation.ts'
import type { PixelLayout } from './luma-grey.ts'

/** A walk over the stored pixels that meets them in the upright image's order: its first pixel, and the way to its right and lower neighbours. */
type Walk = readonly [start: number, right: number, down: number]

/** By orientation, for stored pixels of width w and height h. */
const walks: Readonly<Record<Orientation, (w: number, h: number) => Walk>> = {
  1: (w) => [0, 1, w],
  2: (w) => [w - 1, -1, w],
  3: (w, h) => [w * h - 1, -1, -w],
  4: (w, h) => [w * (h - 1), 1, -w],
  5: (w) => [0, w, 1],
  6: (w, h) => [w * (h - 1), -w, 1],
  7: (w, h) => [w * h - 1, -w, -1],
  8: (w) => [w - 1, w, -1],
}

/**
 * Turns and mirrors an image as its Exif says, so that what was up when it was taken is up: Pillow's `ImageOps.exif_transpose`, and what
 * `createImageBitmap` does with `imageOrientation: 'from-image'`. No pixel changes. Keras' `load_img` doesn't do it.
 *
 * @param image what `decodeImage` gives; an image without an orientation, or with 1, is given back as it is
 * @returns the same kind of image with orientation 1; of orientations 5 to 8 width and height change places
 * @throws GichoError `bad-shape` when the pixels aren't such an image
 *
 * @example
 * const photo = turnUpright(await decodeImage(bytes)) // then imageToInput(photo, [28, 28, 1])
 */
export function turnUpright<Image extends TurnableImage>(image: Image): Image {
  const { pixels, width, height, channels, orientation = 1 } = image
  if (orientation === 1) return image
  if (pixels.length !== width * height * channels) {
    const expected = `${width * height * channels} bytes for ${width}x${height} pixels of ${channels} channels`
    throw new GichoError('bad-shape', `turnUpright: expected ${expected}, got ${pixels.length}.`)
  }
  const walk = walks[orientation](width, height)
  const lies = orientation > 4
  const size = lies ? { width: height, height: width } : { width, height }
  return { ...image, ...size, pixels: walked(pixels, channels, size, walk), orientation: 1 }
}

/** An image that may say how it is to be turned. */
export type TurnableImage = PixelLayout & Pick<DecodedImage, 'pixels'> & { readonly orientation?: Orientation }

function walked(
  pixels: Uint8Array,
  channels: number,
  { width, height }: Pick<PixelLayout, 'width' | 'height'>,
  [start, right, down]: Walk,
): Uint8Array {
  const turned = new Uint8Array(pixels.length)
  let written = 0
  for (let y = 0; y < height; y++) {
    let read = (start + y * down) * channels
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) turned[written++] = pixels[read + c] ?? 0
      read += right * channels
    }
  }
  return turned
}
