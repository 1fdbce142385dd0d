import { GichoError, type ImageShape } from '@gicho/core'
import type { DecodedImage } from './decoded-image.ts'
import { lumaGrey } from './luma-grey.ts'
import { resizeNearest } from './resize-nearest.ts'

/**
 * What a network sees of an image, as bytes: exactly what Keras' `load_img(color_mode, target_size)` makes of the same
 * pixels. The image is stretched to the shape by nearest neighbour; for one channel it becomes grey, for three it keeps
 * its colours (a grey is repeated). Alpha is left out. Nothing is turned: `turnUpright` does that for photos of phones.
 *
 * @param image what `decodeImage` gives, or pixels of your own
 * @param shape [height, width, 1 or 3]
 * @returns [height, width, channels] bytes, row-major; `treat` or a model's input treatment makes numbers of them
 * @throws GichoError `bad-argument` for other channels or sizes, `bad-shape` when the pixels aren't such an image
 *
 * @example
 * const seen = imageToInput(await decodeImage(bytes), [28, 28, 1]) // 784 bytes
 */
export function imageToInput(image: Omit<DecodedImage, 'format' | 'orientation'>, shape: ImageShape): Uint8Array {
  const [height, width, channels] = shape
  if (channels !== 1 && channels !== 3) {
    throw new GichoError(
      'bad-argument',
      `imageToInput: expected a shape of 1 channel (grey) or 3 (colours), got ${channels}.`,
    )
  }
  // A pixel's grey depends on that pixel alone, so that it may be computed after resizing, for few of them.
  const resized = resizeNearest(image.pixels, image, { width, height })
  const layout = { width, height, channels: image.channels }
  return channels === 1 ? lumaGrey(resized, layout) : colours(resized, image.channels)
}

function colours(pixels: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return pixels
  const count = pixels.length / channels
  const rgb = new Uint8Array(count * 3)
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = pixels[i * channels + (channels < 3 ? 0 : c)] ?? 0
  }
  return rgb
}
