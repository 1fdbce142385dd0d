import { GichoError, type GradientOptions, type TrainRequest } from '@gicho/core'
import { limitOf } from './clip.ts'

/**
 * Checks a request before its first step.
 *
 * @param rows of the training data @param options the job's optimizer @throws GichoError `bad-argument`, `bad-shape`
 */
export function checkRequest(request: TrainRequest, steps: number, rows: number, options: GradientOptions): void {
  const { order, firstStep, learningRate, sampleWeights, clip } = request
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
  if (clip !== undefined) checkClip(clip, options)
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
