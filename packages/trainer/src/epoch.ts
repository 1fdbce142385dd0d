import { GichoError, type Session, type StepProgress } from '@gicho/core'
import type { FitPlan } from './options.ts'
import type { RowOrder } from './row-order.ts'

/** One epoch's training: where it stands in the run, and who wants to hear of it. */
export interface EpochRun {
  readonly session: Session
  readonly plan: FitPlan
  readonly order: RowOrder
  /** Counted from 1. */
  readonly epoch: number
  readonly firstStep: number
  readonly learningRate: number
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: StepProgress) => void
}

/**
 * Trains the steps of one epoch, a `train` call for each stretch of a pass.
 *
 * @returns the epoch's sums; fewer steps than planned when the signal stopped it
 * @throws GichoError `not-finite` naming epoch and step
 */
export async function trainEpoch(run: EpochRun): Promise<StepProgress> {
  const { session, plan, order, epoch, signal } = run
  const broken = new AbortController()
  const stops = signal ? AbortSignal.any([signal, broken.signal]) : broken.signal
  let sums: StepProgress = { steps: 0, samples: 0, loss: 0, correct: 0 }
  while (sums.steps < plan.stepsPerEpoch && !stops.aborted) {
    const before = sums
    const rows = order.take(plan.stepsPerEpoch - before.steps)
    const weights = plan.weights
    sums = add(
      before,
      await session.train({
        order: rows,
        firstStep: run.firstStep + before.steps,
        learningRate: run.learningRate,
        ...(weights ? { sampleWeights: Float32Array.from(rows, (row) => weights[row] ?? 1) } : {}),
        onProgress: (progress) => {
          if (!Number.isFinite(progress.loss)) broken.abort()
          run.onProgress(add(before, progress))
        },
        signal: stops,
      }),
    )
    if (!Number.isFinite(sums.loss)) throw notFinite(epoch, sums)
  }
  return sums
}

function add(a: StepProgress, b: StepProgress): StepProgress {
  return {
    steps: a.steps + b.steps,
    samples: a.samples + b.samples,
    loss: a.loss + b.loss,
    correct: a.correct + b.correct,
  }
}

function notFinite(epoch: number, { loss, steps }: StepProgress): GichoError {
  return new GichoError(
    'not-finite',
    `fit: the loss became ${loss} in epoch ${epoch}, by step ${steps}. The model keeps its weights from before that epoch. ` +
      'Lower the learning rate (a tenth is a good try), and check that the input is scaled and the data has no gaps.',
  )
}
