// What a lesson's curves over several seeds come to, and what is asked of it.
import type { EpochLogs } from '@gicho/core'

export const lessonIds = ['asl', 'asl-cnn', 'asl-augmented'] as const
export type LessonId = (typeof lessonIds)[number]

/** One seed's run. */
export interface SeedCurve {
  readonly lesson: string
  readonly seed: number
  readonly history: readonly Required<EpochLogs>[]
}

/** Numbers of one run that lessons are judged by. */
export interface RunNumbers {
  /** Accuracy on the training images in the last epoch. */
  readonly train: number
  /** val_accuracy, mean of the last five epochs. */
  readonly val: number
  /** Largest val_accuracy of any epoch. */
  readonly best: number
  /** train - val. */
  readonly gap: number
  /** Standard deviation of val_accuracy over the last five epochs: how steady the end is. */
  readonly unsteady: number
}

/** A limit on the mean over the seeds; both ends belong to it. */
export interface Limit {
  readonly number: keyof RunNumbers
  readonly low: number
  readonly high: number
}

/** What the means over the seeds have to be. */
export const LIMITS: Readonly<Record<LessonId, readonly Limit[]>> = {
  asl: [
    { number: 'train', low: 0.97, high: 1 },
    { number: 'val', low: 0.7, high: 0.86 },
    { number: 'gap', low: 0.1, high: 1 },
  ],
  'asl-cnn': [
    { number: 'train', low: 0.999, high: 1 },
    { number: 'best', low: 0.94, high: 1 },
  ],
  'asl-augmented': [
    { number: 'val', low: 0.96, high: 1 },
    { number: 'best', low: 0.985, high: 1 },
  ],
}

/** Mean, standard deviation (of the sample) and range. */
export interface Spread {
  readonly mean: number
  readonly deviation: number
  readonly min: number
  readonly max: number
}

export interface LessonSummary {
  readonly lesson: LessonId
  readonly runs: number
  readonly numbers: Readonly<Record<keyof RunNumbers, Spread>>
  /** A sentence for each limit that is missed. */
  readonly failures: readonly string[]
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length
}

/** Standard deviation of a sample; 0 of a single value. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0
  const centre = mean(values)
  return Math.sqrt(values.reduce((total, value) => total + (value - centre) ** 2, 0) / (values.length - 1))
}

/** The numbers of one run. @throws RangeError for a run without an epoch */
export function runNumbers({ history }: Pick<SeedCurve, 'history'>): RunNumbers {
  const last = history.at(-1)
  if (!last) throw new RangeError('expected a run with at least one epoch, got none.')
  const end = history.slice(-5).map((epoch) => epoch.val_accuracy)
  const val = mean(end)
  const best = Math.max(...history.map((epoch) => epoch.val_accuracy))
  return { train: last.accuracy, val, best, gap: last.accuracy - val, unsteady: deviation(end) }
}

/** A lesson's numbers over its seeds, held against its limits. */
export function summarise(lesson: LessonId, curves: readonly SeedCurve[]): LessonSummary {
  const runs = curves.filter((curve) => curve.lesson === lesson).map(runNumbers)
  const spreadOf = (number: keyof RunNumbers): Spread => {
    const values = runs.map((run) => run[number])
    return { mean: mean(values), deviation: deviation(values), min: Math.min(...values), max: Math.max(...values) }
  }
  const numbers = {
    train: spreadOf('train'),
    val: spreadOf('val'),
    best: spreadOf('best'),
    gap: spreadOf('gap'),
    unsteady: spreadOf('unsteady'),
  }
  const failures = LIMITS[lesson].flatMap(({ number, low, high }) => {
    const value = numbers[number].mean
    return value >= low && value <= high
      ? []
      : [`expected a mean ${number} of ${low} to ${high}, got ${value.toFixed(4)}.`]
  })
  return { lesson, runs: runs.length, numbers, failures }
}
