import { GichoError } from '@gicho/core'

/** How many pixels an image has and how many bytes each of them: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
export interface PixelLayout {
  readonly width: number
  readonly height: number
  readonly channels: number
}

/** @throws GichoError `bad-shape` when the bytes aren't such an image, `bad-argument` for other channels than 1 to 4 */
export function checkPixels(name: string, pixels: ArrayLike<number>, { width, height, channels }: PixelLayout): void {
  if (![1, 2, 3, 4].includes(channels)) {
    throw new GichoError('bad-argument', `${name}: expected 1, 2, 3 or 4 channels, got ${channels}.`)
  }
  if (pixels.length !== width * height * channels) {
    throw new GichoError(
      'bad-shape',
      `${name}: expected ${width * height * channels} bytes for ${width}x${height} pixels of ${channels} channels, got ${pixels.length}.`,
    )
  }
}

/**
 * An image in grey, byte for byte as Pillow's `convert('L')`: the luma of ITU-R 601-2 in 16-bit fixed point, rounded.
 * Alpha is left out, as if the image were opaque; a grey stays what it is.
 *
 * @param pixels [height, width, channels] bytes
 * @returns [height, width] bytes in new memory
 * @throws GichoError `bad-shape`, `bad-argument`
 *
 * @example
 * lumaGrey(Uint8Array.of(255, 0, 0), { width: 1, height: 1, channels: 3 }) // Uint8Array [76]
 */
export function lumaGrey(pixels: Uint8Array | Uint8ClampedArray, layout: PixelLayout): Uint8Array {
  checkPixels('lumaGrey', pixels, layout)
  const { width, height, channels } = layout
  const grey = new Uint8Array(width * height)
  for (let i = 0, at = 0; i < grey.length; i++, at += channels) {
    const red = pixels[at] ?? 0
    grey[i] = channels < 3 ? red : luma(red, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0)
  }
  return grey
}

function luma(red: number, green: number, blue: number): number {
  return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16
}
