/*
 * What happens to an image on its way into the network, as numbers: whoever draws (`@gicho/augment`) and whoever applies it (an
 * engine, on any device) need no more than this in common.
 */
import type { BrightnessMode } from './brightness.ts'
import type { ImageShape } from './dataset.ts'
import type { FillMode } from './fill-mode.ts'
import type { RandomState } from './mt19937.ts'

/**
 * Float64 numbers of one image in a table of draws:
 *
 *   0..5  the sampling matrix: output pixel (row r, column c) is read at row m0 r + m1 c + m2 and column m3 r + m4 c + m5
 *   6     what was read is then mirrored: 1 left and right, 2 upside down, 3 both
 *   7     is added to every value, which is held within the image's own range; NaN for nothing
 *   8     factor of brightness; NaN for none
 */
export const DRAW_NUMBERS = 9

/** The numbers of a draw that changes nothing. */
export const unchangedDraw: readonly number[] = [1, 0, 0, 0, 1, 0, 0, Number.NaN, Number.NaN]

/** How draws are applied: the same for all images of a training. */
export interface Augmentation {
  /** What stands outside the image. */
  readonly fillMode: FillMode
  /** The value for `constant`, in the units that the network sees. */
  readonly cval: number
  readonly brightnessMode: BrightnessMode
  /** False where number 7 of every draw is NaN. */
  readonly shiftsChannels: boolean
  /** False where number 8 of every draw is NaN. */
  readonly changesBrightness: boolean
  /** Normalises an image [height, width, channels] behind its draw, in place or in new memory. */
  readonly standardize?: (image: Float32Array, shape: ImageShape) => Float32Array
}

/** Makes draws for a training. `ImageDataGenerator` of `@gicho/augment` is one. */
export interface Augmenter {
  readonly augmentation: Augmentation
  /** Draws for `count` images of one shape, [count, DRAW_NUMBERS] row-major; moves `random` on. */
  drawTable(random: RandomState, count: number, shape: ImageShape): Float64Array
}
