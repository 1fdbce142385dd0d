import { GichoError } from '@gicho/core'
import type { ByteTreatment } from './apply-draw.ts'
import type { LabelValues } from './batch.ts'

/** Which part of the data a flow walks over, with the generator's `validationSplit`. */
export type Subset = 'training' | 'validation'

/** How a flow walks. */
export interface FlowOptions {
  /** 32 by default; the last batch of a walk may be short. */
  readonly batchSize?: number
  /** A new permutation at each wrap; true by default. */
  readonly shuffle?: boolean
  /** [n]. */
  readonly sampleWeight?: Float32Array
  /** Seeds the random numbers with `seed + batches seen` at each batch, as Keras does. */
  readonly seed?: number
  readonly subset?: Subset
  /** Allows the two subsets to have different labels. */
  readonly ignoreClassSplit?: boolean
  /** What bytes mean, before anything else; 0..255 by default. core's `unitRange(shape)` is the lessons' x / 255. */
  readonly input?: ByteTreatment
}

/** Which images a flow was asked for, in words. */
export function describe(options: FlowOptions): string {
  return options.subset === undefined ? 'in the data' : `in the subset '${options.subset}'`
}

/** Numbers a label. @throws GichoError `bad-shape` when the labels aren't one row an image */
export function labelSize(labels: LabelValues | undefined, count: number): number {
  const size = labels === undefined || count === 0 ? 1 : labels.length / count
  if (Number.isInteger(size) && size > 0) return size
  throw new GichoError(
    'bad-shape',
    `flow: expected ${count} labels or rows of labels, one an image, got ${labels?.length} numbers.`,
  )
}

/** @throws GichoError `bad-shape` when there isn't one weight an image */
export function checkWeights(weights: Float32Array | undefined, count: number): void {
  if (weights === undefined || weights.length === count) return
  throw new GichoError('bad-shape', `flow: expected ${count} sample weights, one an image, got ${weights.length}.`)
}

/** First row and end of a subset, Keras' split: the first part is for validation. @throws GichoError `bad-argument` for no subset */
export function subsetRows(options: FlowOptions, validationSplit: number, total: number): readonly [number, number] {
  const at = Math.trunc(total * validationSplit)
  switch (options.subset) {
    case undefined:
      return [0, total]
    case 'validation':
      return [0, at]
    case 'training':
      return [at, total]
    default:
      options.subset satisfies never
      throw new GichoError('bad-argument', `flow: expected the subset training or validation, got '${options.subset}'.`)
  }
}

/** @throws GichoError `bad-argument` when a label stands on one side of `at` alone */
export function checkClasses(labels: LabelValues, at: number): void {
  const validation = new Set<number>(labels.subarray(0, at))
  const training = new Set<number>(labels.subarray(at))
  const lonely = [...validation, ...training].find((label) => !validation.has(label) || !training.has(label))
  if (lonely === undefined) return
  throw new GichoError(
    'bad-argument',
    `flow: expected the same labels in both subsets, got ${lonely} in one alone. The first part is for validation: ` +
      'shuffle data that is sorted by label, or set ignoreClassSplit.',
  )
}
