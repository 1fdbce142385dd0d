import { range } from './value-range.ts'

/**
 * How brightness is applied.
 *
 * `smooth` multiplies and clips. `keras` takes Keras' detour through 8-bit pictures: each value is cut to a whole
 * number 0..255 before and after, so that an image in [0, 1] comes out black but for the values that are exactly 1.
 */
export type BrightnessMode = 'smooth' | 'keras'

/** Changes an image's brightness in place. @param image [height, width, channels]; with four channels the last is alpha */
export function changeBrightness(image: Float32Array, channels: number, factor: number, mode: BrightnessMode): void {
  if (mode === 'smooth') smooth(image, channels, factor)
  else throughBytes(image, channels, factor)
}

/**
 * Black stays, white clips. Black and white are 0 and 1 for an image within [0, 1], 0 and 255 for one within [0, 255],
 * and else the image's own least and largest value, as in Keras.
 */
function smooth(image: Float32Array, channels: number, factor: number): void {
  const { min, max } = range(image)
  const ownScale = min < 0 || max > 255
  const black = ownScale ? min : 0
  const white = ownScale ? max : max > 1 ? 255 : 1
  for (let i = 0; i < image.length; i++) {
    if (channels === 4 && i % 4 === 3) continue
    const value = black + ((image[i] ?? 0) - black) * factor
    image[i] = Math.min(Math.max(value, black), white)
  }
}

/** Keras' `apply_brightness_shift(x, factor, scale=False)`, with Pillow's `ImageEnhance.Brightness` within. */
function throughBytes(image: Float32Array, channels: number, factor: number): void {
  const round = Math.fround
  const { min, max } = range(image)
  const ownScale = min < 0 || max > 255
  const span = round(max - min)
  const alpha = round(factor)
  for (let i = 0; i < image.length; i++) {
    let value = image[i] ?? 0
    if (ownScale) {
      value = round(value - min)
      if (span !== 0) value = round(value / span)
      value = round(value * 255)
    }
    const byte = Math.trunc(value)
    const isAlpha = channels === 4 && i % 4 === 3
    const changed = isAlpha ? byte : Math.min(Math.max(Math.trunc(round(alpha * byte)), 0), 255)
    image[i] = ownScale ? round(round(round(changed / 255) * span) + min) : changed
  }
}
