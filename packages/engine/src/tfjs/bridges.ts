import {
  checkDataset,
  checkOptionNames,
  formatShape,
  GichoError,
  type ImageDataset,
  type InputTreatment,
  RandomState,
  sizeOf,
} from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { checkBackend } from './backend.ts'
import { BatchReader, range } from './batch.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof FitSourceOptions, true>> = {
  batchSize: true,
  input: true,
  seed: true,
  shuffle: true,
}

/**
 * All images of a dataset as one tensor, for programs that train with plain tfjs. You dispose it.
 *
 * @param input how bytes become values: `unitRange([784])` divides by 255
 * @returns [length, ...input.shape] float32; four bytes for each of the dataset's
 * @throws GichoError `bad-shape` when the images don't fit `input.shape`
 */
export function imagesTensor(data: ImageDataset, input: InputTreatment): tf.Tensor {
  checkImages(data, input)
  checkBackend('imagesTensor')
  return tf.tensor(new BatchReader(input).pixels(data.images, range(0, data.length)), [data.length, ...input.shape])
}

/** The labels of a dataset as one-hot rows [length, classes] float32. You dispose it. */
export function labelsTensor(data: ImageDataset): tf.Tensor2D {
  checkDataset(data)
  checkBackend('labelsTensor')
  return oneHot(Int32Array.from(data.labels), data.classNames.length)
}

/** Options of {@link datasetForFit}. */
export interface FitSourceOptions {
  readonly batchSize: number
  readonly input: InputTreatment
  /** Default 0. */
  readonly seed?: number
  /** Default true: a new order each pass, the same for the same seed. */
  readonly shuffle?: boolean
}

/** One batch for `model.fitDataset`, which disposes it: images [rows, ...shape] and one-hot labels [rows, classes]. */
// A type, not an interface: tfjs asks for an object with an index signature, which interfaces don't have.
export type FitBatch = {
  xs: tf.Tensor
  ys: tf.Tensor2D
}

/** What `model.fitDataset` and `model.evaluateDataset` take; `tf.data.Dataset` has the same form. */
export interface FitSource {
  /** Batches in one pass, the short last one too. */
  readonly size: number
  /** Starts a pass. */
  iterator(): Promise<{ next(): Promise<IteratorResult<FitBatch>> }>
}

/**
 * A dataset as a source for `model.fitDataset`: bytes become tensors a batch at a time.
 *
 * @example
 * await model.fitDataset(datasetForFit(train, { batchSize: 32, input: unitRange([784]) }), { epochs: 5 })
 * @throws GichoError `bad-shape` when the images don't fit, `bad-argument` for a batch size below 1 or a bad seed
 */
export function datasetForFit(data: ImageDataset, options: FitSourceOptions): FitSource {
  checkOptionNames('datasetForFit', options, NAMES)
  const { batchSize, input, seed = 0, shuffle = true } = options
  checkDataset(data)
  checkImages(data, input)
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new GichoError('bad-argument', `batchSize: expected a whole number >= 1, got ${batchSize}.`)
  }
  const random = new RandomState(seed)
  const reader = new BatchReader(input)
  return {
    size: Math.ceil(data.length / batchSize),
    async iterator() {
      const order = shuffle ? random.permutation(data.length) : range(0, data.length)
      let at = 0
      return {
        async next() {
          if (at >= data.length) return { done: true, value: undefined }
          const rows = order.subarray(at, at + batchSize)
          at += batchSize
          const xs = tf.tensor(reader.pixels(data.images, rows), [rows.length, ...input.shape])
          return { done: false, value: { xs, ys: oneHot(reader.labels(data, rows), data.classNames.length) } }
        },
      }
    },
  }
}

function oneHot(labels: Int32Array, classes: number): tf.Tensor2D {
  const rows = new Float32Array(labels.length * classes)
  labels.forEach((label, row) => {
    rows[row * classes + label] = 1
  })
  return tf.tensor2d(rows, [labels.length, classes])
}

function checkImages(data: ImageDataset, input: InputTreatment): void {
  if (data.images.length === data.length * sizeOf(input.shape)) return
  throw new GichoError(
    'bad-shape',
    `dataset (${data.split}): its images ${formatShape(data.shape)} don't fit samples of shape ${formatShape(input.shape)}.`,
  )
}
