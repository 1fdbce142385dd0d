import {
  DRAW_NUMBERS,
  describeValue,
  GichoError,
  type GradientOptions,
  type StepProgress,
  type TrainingJob,
  type TrainRequest,
  typedArrayName,
} from '@gicho/core'
import { limitOf } from './clip.ts'

/** The sums of a call that goes on from nothing. */
export const noProgress: StepProgress = { steps: 0, samples: 0, loss: 0, correct: 0 }

/** What a request is held against. */
export interface RequestLimits {
  /** Of the training data. */
  readonly rows: number
  readonly job: Pick<TrainingJob, 'optimizer' | 'augment' | 'batchSize'>
}

/** Checks a request before its first step; gives the number of its steps. @throws GichoError `bad-argument`, `bad-shape` */
export function checkRequest(request: TrainRequest, { rows, job }: RequestLimits): number {
  const { order, firstStep, learningRate, sampleWeights, clip } = request
  checkArrays(request)
  const steps = Math.ceil(order.length / job.batchSize)
  const wrong = order.findIndex((row) => row >= rows)
  if (wrong >= 0) {
    throw new GichoError('bad-argument', `order: expected rows 0..${rows - 1}, got ${order[wrong]} at ${wrong}.`)
  }
  if (!Number.isInteger(firstStep) || firstStep < 0) {
    throw new GichoError('bad-argument', `firstStep: expected a whole number >= 0, got ${firstStep}.`)
  }
  const rates = typeof learningRate === 'number' ? [learningRate] : learningRate
  if (typeof learningRate !== 'number' && learningRate.length < steps) {
    throw new GichoError(
      'bad-shape',
      `learningRate: expected one rate for each of ${steps} steps, got ${rates.length}.`,
    )
  }
  const bad = Array.from(rates).find((rate) => !Number.isFinite(rate))
  if (bad !== undefined) throw new GichoError('bad-argument', `learningRate: expected finite numbers, got ${bad}.`)
  if (sampleWeights && sampleWeights.length !== order.length) {
    throw new GichoError(
      'bad-shape',
      `sampleWeights: expected one for each of ${order.length} rows, got ${sampleWeights.length}.`,
    )
  }
  const weightless = sampleWeights?.findIndex((weight) => !Number.isFinite(weight)) ?? -1
  if (weightless >= 0) {
    const came = `${sampleWeights?.[weightless]} at ${weightless}`
    throw new GichoError('bad-argument', `sampleWeights: expected finite numbers, got ${came}.`)
  }
  if (clip !== undefined) checkClip(clip, job.optimizer)
  checkDraws(request, job.augment !== undefined)
  return steps
}

/** An engine copies a request's arrays into its memory as they lie. */
function checkArrays({ order, sampleWeights, draws, learningRate }: TrainRequest): void {
  checkArray('order', 'Uint32Array', order)
  if (sampleWeights !== undefined) checkArray('sampleWeights', 'Float32Array', sampleWeights)
  if (draws !== undefined) checkArray('draws', 'Float64Array', draws)
  if (typeof learningRate === 'number' || typedArrayName(learningRate) === 'Float32Array') return
  throw new GichoError(
    'bad-argument',
    `learningRate: expected a number, or a Float32Array with one for each step, got ${describeValue(learningRate)}.`,
  )
}

function checkArray(name: string, expected: string, array: unknown): void {
  if (typedArrayName(array) === expected) return
  throw new GichoError(
    'bad-argument',
    `${name}: expected a ${expected}, got ${describeValue(array)}. Make one with ${expected}.from.`,
  )
}

function checkDraws({ order, draws }: TrainRequest, drawn: boolean): void {
  if (drawn !== (draws !== undefined)) {
    const said = drawn ? 'the job augments, so expected draws, got none' : "got draws, but the job doesn't augment"
    throw new GichoError('bad-argument', `draws: ${said}. Say in the job's augment whether images are transformed.`)
  }
  if (draws && draws.length !== order.length * DRAW_NUMBERS) {
    throw new GichoError(
      'bad-shape',
      `draws: expected ${DRAW_NUMBERS} numbers for each of ${order.length} rows, got ${draws.length}.`,
    )
  }
  const wrong = draws?.findIndex((value, i) => i % DRAW_NUMBERS < 7 && !Number.isFinite(value)) ?? -1
  if (wrong < 0) return
  const place = `row ${Math.floor(wrong / DRAW_NUMBERS)}, number ${wrong % DRAW_NUMBERS}`
  throw new GichoError('bad-argument', `draws: expected finite numbers, got ${draws?.[wrong]} in ${place}.`)
}

function checkClip(clip: number, options: GradientOptions): void {
  if (limitOf(options) === undefined) {
    throw new GichoError(
      'bad-argument',
      `clip: the job's optimizer has none, got ${clip}. Open the session with clipNorm, globalClipNorm or clipValue.`,
    )
  }
  if (!(clip > 0 && Number.isFinite(clip))) {
    throw new GichoError('bad-argument', `clip: expected a finite number above 0, got ${clip}.`)
  }
}
