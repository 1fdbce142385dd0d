import { parseArgs } from 'node:util'
import { type LessonName, lessons } from './work.ts'

/** What the command was asked for. */
export interface BenchOptions {
  readonly lessons: readonly LessonName[]
  readonly only: readonly string[]
  readonly skip: readonly string[]
  readonly quick: boolean
  readonly rounds: number
  /** Length of one repetition. */
  readonly repetitionSeconds: number
  /** What all repetitions of one peer may take together, and its compared steps. */
  readonly budgetSeconds: number
  /** Where the results go; nowhere after a quick run unless it is named. */
  readonly out: string | undefined
}

export const USAGE = `npm run bench -- cpu [options]

  --quick            three short rounds, without Python and what takes seconds a step: under a minute
  --lesson NAME      perceptron or network; both where nothing is said
  --only A,B         these rows alone (ids; the compiled engine always runs)
  --skip A,B         without these; an id, or an id with a lesson: tfjs-cpu-network
  --rounds N         repetitions of each (9)
  --seconds S        length of one repetition (1)
  --out FOLDER       where results go (bench/results; nothing is written after --quick unless named)
`

/** Reads the command line. @throws Error with a sentence for the user */
export function readOptions(args: readonly string[], defaultOut: string): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      lesson: { type: 'string' },
      only: { type: 'string', default: '' },
      skip: { type: 'string', default: '' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      out: { type: 'string' },
    },
  })
  const [target, ...more] = positionals
  if (target !== 'cpu' || more.length > 0) {
    throw new Error(`expected what to measure: cpu; got ${positionals.join(' ') || 'nothing'}.`)
  }
  const known = lessons.map(({ name }) => name).filter((name) => !values.lesson || name === values.lesson)
  if (known.length === 0) throw new Error(`--lesson: expected perceptron or network, got ${values.lesson}.`)
  const { quick } = values
  return {
    lessons: known,
    only: list(values.only),
    skip: list(values.skip),
    quick,
    rounds: positive('--rounds', values.rounds ?? (quick ? '3' : '9')),
    repetitionSeconds: positive('--seconds', values.seconds ?? (quick ? '0.2' : '1')),
    budgetSeconds: quick ? 4 : 60,
    out: values.out ?? (quick ? undefined : defaultOut),
  }
}

function list(text: string): string[] {
  return text.split(',').filter((part) => part !== '')
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`${name}: expected a number above 0, got ${text}.`)
  return value
}
