import { describeNumber } from './describe-value.ts'

/** A setting outside its range, in words for a message. */
export interface WrongSetting {
  readonly name: string
  readonly expected: string
  readonly got: string
}

interface Range {
  readonly expected: string
  readonly holds: (value: unknown) => boolean
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const POSITIVE: Range = { expected: 'a number >= 0', holds: (value) => isNumber(value) && value >= 0 }
const SHARE: Range = { expected: 'a number from 0 to 1', holds: (value) => isNumber(value) && value >= 0 && value <= 1 }
const BELOW_ONE: Range = {
  expected: 'a number from 0 up to but not 1',
  holds: (value) => isNumber(value) && value >= 0 && value < 1,
}
const FLAG: Range = { expected: 'true or false', holds: (value) => typeof value === 'boolean' }
const MODES = ['keras3', 'tf2', 'tfjs']

/** What each setting of an optimizer may be; with others the weights would become NaN without a word. Clips are checked with the job. */
const RANGES: Readonly<Record<string, Range>> = {
  learningRate: POSITIVE,
  epsilon: POSITIVE,
  weightDecay: POSITIVE,
  momentum: SHARE,
  rho: SHARE,
  beta1: BELOW_ONE,
  beta2: BELOW_ONE,
  nesterov: FLAG,
  centered: FLAG,
  epsilonMode: { expected: `one of ${MODES.join(', ')}`, holds: (value) => MODES.some((mode) => mode === value) },
}

/** The first of an optimizer's settings that is outside its range; undefined where all are right. */
export function wrongSetting(settings: object): WrongSetting | undefined {
  for (const [name, value] of Object.entries(settings)) {
    const range = Object.hasOwn(RANGES, name) ? RANGES[name] : undefined
    if (range && !range.holds(value)) return { name, expected: range.expected, got: describeNumber(value) }
  }
  return undefined
}
