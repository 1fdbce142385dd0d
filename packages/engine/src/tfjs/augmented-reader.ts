import { type Augmentation, ImageRenderer, type ImageShape, renderImages, sizeOf, type TrainingJob } from '@gicho/core'
import { byteValues } from '../session/byte-values.ts'

const PLAIN = { fillMode: 'nearest', cval: 0, brightnessMode: 'smooth' } as const

/** Rows of a dataset as the network sees them behind their draws, by core's reference. */
export class AugmentedReader {
  readonly #shape: ImageShape
  readonly #augmentation: Pick<Augmentation, 'standardize'>
  readonly #renderer: ImageRenderer

  constructor(shape: ImageShape, { input, augment }: Pick<TrainingJob, 'input' | 'augment'>) {
    this.#shape = shape
    this.#augmentation = augment ?? {}
    this.#renderer = new ImageRenderer(shape, augment ?? PLAIN, byteValues(input))
  }

  /** The pixels of the given rows, one draw each, [rows, ...sample], in a new array. */
  pixels(images: Uint8Array, rows: ArrayLike<number>, draws: Float64Array): Float32Array {
    const size = sizeOf(this.#shape)
    const pixels = renderImages(this.#renderer, size, images, rows, draws)
    const { standardize } = this.#augmentation
    if (!standardize) return pixels
    for (let at = 0; at < pixels.length; at += size) {
      const image = pixels.subarray(at, at + size)
      const standardized = standardize(image, this.#shape)
      if (standardized !== image) image.set(standardized)
    }
    return pixels
  }
}
