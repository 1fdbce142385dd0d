/* What a run's numbers are held against in any lesson, on any pictures: what guessing would have got. */
import type { History, OptimizerConfig } from '@gicho/core'
import type { CourseData, RunFacts } from './run-facts.ts'

/** Images in a batch, where nothing is said. */
const BATCH = 32

/** The network and the data of a lesson. */
export interface Ground {
  readonly course: CourseData
  readonly facts: RunFacts | undefined
  /** True for a network with BatchNormalization, which reads new pictures by running averages. */
  readonly batchNorm: boolean
}

/** What is known of a run beside its history. */
export interface Background {
  readonly classes: number
  /** Classes with at least one training picture. */
  readonly trainedClasses: number
  /** Different training pictures seen. */
  readonly train: number
  readonly test: number
  /** Corrections of the weights so far. */
  readonly steps: number
  readonly optimizer: OptimizerConfig | undefined
  readonly batchNorm: boolean
  /** Cross-entropy of an even guess, ln(classes). */
  readonly guessLoss: number
  /** The share of validation pictures that is right without looking at them, 0..1. */
  readonly guessShare: number
  /** True where naming the most frequent class each time does better than an even guess. */
  readonly skewed: boolean
}

export function backgroundOf(history: History, { course, facts, batchNorm }: Ground): Background {
  const { train, test, classNames, ...known } = facts ?? { ...course, perEpoch: course.train }
  const classes = Math.max(1, classNames.length)
  const even = 1 / classes
  const commonest = known.commonest ?? even
  const skewed = commonest > 1.5 * even
  const steps = known.stepsPerEpoch ?? Math.ceil(Math.min(train, known.perEpoch) / BATCH)
  return {
    classes,
    trainedClasses: known.trainedClasses ?? classes,
    train: Math.min(train, known.perEpoch * history.length),
    test,
    steps: steps * history.length,
    optimizer: known.optimizer,
    batchNorm,
    guessLoss: Math.log(Math.max(2, classes)),
    guessShare: skewed ? commonest : even,
    skewed,
  }
}

/**
 * True where guessing may well do as well: up to twice as often right as by an even guess among many classes, and within two
 * standard errors of so many pictures.
 */
export function isLikeGuessing(share: number, pictures: number, { guessShare: p }: Background): boolean {
  const room = Math.min(p, (1 - p) / 10)
  return share <= p + room + 2 * standardError(p, pictures)
}

/** True where so few right answers are no accident. */
export function isBelowGuessing(share: number, { classes, test }: Background): boolean {
  const even = 1 / classes
  return share < even - 3 * standardError(even, test) && share < even / 2
}

function standardError(share: number, pictures: number): number {
  return Math.sqrt((share * (1 - share)) / Math.max(1, pictures))
}
