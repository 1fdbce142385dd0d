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
  /** What the epoch has done already, of a run that is resumed. */
  readonly progress: StepProgress
  readonly learningRate: number
  /** The limit of the optimizer's clip, where it has one. */
  readonly clip: number | undefined
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: StepProgress) => void
  /** Called every `plan.checkpointSeconds` between two steps. */
  readonly onPause?: (progress: StepProgress) => Promise<void>
}

/** An epoch that hasn't begun. */
export const noProgress: StepProgress = { steps: 0, samples: 0, loss: 0, correct: 0 }

/**
 * Trains the steps of one epoch, a `train` call for each stretch of a pass between two pauses.
 *
 * @returns the epoch's sums; fewer steps than planned when the signal stopped it
 * @throws GichoError `not-finite` naming epoch and step
 */
export async function trainEpoch(run: EpochRun): Promise<StepProgress> {
  const { session, plan, order, epoch, signal, onPause } = run
  const { stepsPerEpoch, weights } = plan
  const broken = new AbortController()
  const stops = signal ? AbortSignal.any([signal, broken.signal]) : broken.signal
  let sums = run.progress
  while (sums.steps < stepsPerEpoch && !stops.aborted) {
    const before = sums
    const pause = onPause && AbortSignal.timeout(plan.checkpointSeconds * 1000)
    const { rows, draws } = order.next(stepsPerEpoch - before.steps)
    sums = await session.train({
      order: rows,
      firstStep: (epoch - 1) * stepsPerEpoch + before.steps,
      progress: before,
      learningRate: run.learningRate,
      ...(run.clip === undefined ? {} : { clip: run.clip }),
      ...(weights ? { sampleWeights: Float32Array.from(rows, (row) => weights[row] ?? 1) } : {}),
      ...(draws ? { draws } : {}),
      onProgress: (progress) => {
        if (!Number.isFinite(progress.loss)) broken.abort()
        run.onProgress(progress)
      },
      signal: pause ? AbortSignal.any([stops, pause]) : stops,
    })
    order.advance(sums.samples - before.samples)
    if (!Number.isFinite(sums.loss)) throw notFinite(epoch, sums)
    if (pause?.aborted && sums.steps < stepsPerEpoch) await onPause?.(sums)
  }
  return sums
}

function notFinite(epoch: number, { loss, steps }: StepProgress): GichoError {
  return new GichoError(
    'not-finite',
    `fit: the loss became ${loss} in epoch ${epoch}, by step ${steps}. The model keeps its weights from before that epoch. ` +
      'Lower the learning rate (a tenth is a good try), and check that the input is scaled and the data has no gaps.',
  )
}
