import { parseArgs } from 'node:util'
import { BATCH_SIZES, type LessonName, lessons, type Target } from './work.ts'

/** What the command was asked for. */
export interface BenchOptions {
  readonly target: Target
  readonly lessons: readonly LessonName[]
  readonly batchSizes: readonly number[]
  readonly only: readonly string[]
  readonly skip: readonly string[]
  readonly quick: boolean
  /** On a GPU that is none: few steps, which show that all is right and not how fast. */
  readonly software: boolean
  readonly rounds: number
  /** Length of one repetition. */
  readonly repetitionSeconds: number
  /** What all repetitions of one peer may take together, and its compared steps. */
  readonly budgetSeconds: number
  /** Steps of one repetition at the most. */
  readonly mostSteps: number
  /** MNIST's folder, where it isn't looked for. */
  readonly mnist: string | undefined
  /** Where the results go; nowhere after a quick run unless it is named. */
  readonly out: string | undefined
}

export const USAGE = `npm run bench -- cpu|gpu [options]

  --quick            three short rounds, without Python and what takes seconds a step: on the CPU under a minute
  --lesson NAME      perceptron, network, or on the GPU augmented; all where nothing is said
  --batch A,B        batch sizes (cpu: 32, gpu: 32,128,1024)
  --only A,B         these rows alone (ids; the compiled engine always runs)
  --skip A,B         without these; an id, or an id with a lesson: tfjs-cpu-network
  --rounds N         repetitions of each (9)
  --seconds S        length of one repetition (cpu: 1, gpu: 0.5)
  --software         gpu: also on an adapter that computes on the CPU: a few steps, for correctness only, of the
                     perceptron at 32 unless told otherwise
  --mnist FOLDER     where MNIST's four files lie (found or downloaded)
  --out FOLDER       where results go (bench/results; nothing is written after --quick or --software unless named)
`

interface Pace {
  readonly rounds: string
  readonly seconds: string
  readonly budgetSeconds: number
}

const PACES: Readonly<Record<Target | 'quick' | 'software', Pace>> = {
  cpu: { rounds: '9', seconds: '1', budgetSeconds: 60 },
  gpu: { rounds: '9', seconds: '0.5', budgetSeconds: 30 },
  quick: { rounds: '3', seconds: '0.2', budgetSeconds: 4 },
  software: { rounds: '1', seconds: '0.1', budgetSeconds: 2 },
}

/** A GPU's steps are so short that a second holds thousands. */
const MOST_STEPS: Readonly<Record<Target, number>> = { cpu: 400, gpu: 5000 }

/** Reads the command line. @throws Error with a sentence for the user */
export function readOptions(args: readonly string[], defaultOut: string): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      software: { type: 'boolean', default: false },
      lesson: { type: 'string' },
      batch: { type: 'string' },
      only: { type: 'string', default: '' },
      skip: { type: 'string', default: '' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      mnist: { type: 'string' },
      out: { type: 'string' },
    },
  })
  const [target, ...more] = positionals
  if ((target !== 'cpu' && target !== 'gpu') || more.length > 0) {
    throw new Error(`expected what to measure: cpu or gpu; got ${positionals.join(' ') || 'nothing'}.`)
  }
  const { quick, software } = values
  if (software && target === 'cpu') throw new Error('--software: expected with gpu alone, got cpu.')
  const pace = PACES[software ? 'software' : quick ? 'quick' : target]
  return {
    target,
    lessons: lessonsOf(target, values.lesson ?? (software ? 'perceptron' : undefined)),
    batchSizes: values.batch ? list(values.batch).map(batchSize) : software ? [32] : BATCH_SIZES[target],
    only: list(values.only),
    skip: list(values.skip),
    quick: quick || software,
    software,
    rounds: positive('--rounds', values.rounds ?? pace.rounds),
    repetitionSeconds: positive('--seconds', values.seconds ?? pace.seconds),
    budgetSeconds: pace.budgetSeconds,
    mostSteps: MOST_STEPS[target],
    mnist: values.mnist,
    out: values.out ?? (quick || software ? undefined : defaultOut),
  }
}

function lessonsOf(target: Target, name: string | undefined): LessonName[] {
  const known = lessons.filter(({ targets }) => targets.includes(target)).map(({ name }) => name)
  const chosen = known.filter((lesson) => name === undefined || lesson === name)
  if (chosen.length === 0) throw new Error(`--lesson: expected ${known.join(' or ')}, got ${name}.`)
  return chosen
}

function list(text: string): string[] {
  return text.split(',').filter((part) => part !== '')
}

function batchSize(text: string): number {
  const value = positive('--batch', text)
  // The prepared rows are cut into whole batches.
  if (![32, 64, 128, 256, 512, 1024].includes(value)) {
    throw new Error(`--batch: expected a power of two from 32 to 1024, got ${text}.`)
  }
  return value
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`${name}: expected a number above 0, got ${text}.`)
  return value
}
