import {
  type EpochRecord,
  GichoError,
  type ModelSpec,
  type Session,
  type StepProgress,
  type TrainingJob,
  type TrainingState,
} from '@gicho/core'
import type { FitContext, StopReason } from './callback.ts'
import { isMeanError } from './compiled.ts'
import { noProgress } from './epoch.ts'
import type { FitOptions, FitPlan } from './options.ts'
import { renameState } from './rename-state.ts'
import { RowOrder } from './row-order.ts'

/** What an engine is asked to do for a plan. */
export function jobOf(model: ModelSpec, plan: FitPlan): TrainingJob {
  const { loss, labelSmoothing, optimizer, batchSize, seed, input, augment } = plan
  return {
    model,
    loss,
    optimizer,
    batchSize,
    seed,
    input,
    ...(labelSmoothing === 0 ? {} : { labelSmoothing }),
    ...(augment ? { augment: augment.augmentation } : {}),
  }
}

/** Where a training stands, and what its callbacks see of it. */
export interface FitRun {
  readonly context: FitContext & { stopped: StopReason | undefined }
  readonly order: RowOrder
  readonly history: EpochRecord[]
  /** Finished epochs. */
  readonly epoch: number
  /** Of the epoch under way. */
  readonly progress: StepProgress
  readonly seconds: number
  finishEpoch(epoch: number): void
  /** Hands out the training's state, where anybody wants it. */
  keep(progress: StepProgress, milliseconds: number): Promise<void>
}

/**
 * A run at its beginning, or where an earlier one stopped.
 *
 * @throws GichoError `bad-shape` when the state's arrays aren't the model's, `bad-data` when it doesn't fit the data or the steps
 */
export async function beginRun(session: Session, spec: ModelSpec, plan: FitPlan, options: FitOptions): Promise<FitRun> {
  const { train, batchSize, shuffle, augment, seed } = plan
  const order = new RowOrder({ seed, rows: train.length, batchSize, shuffle, augment, shape: train.shape })
  const state = options.resumeFrom && renameState(options.resumeFrom, spec.weights)
  if (state) await restore(session, order, plan, state)
  const context = makeContext(session, plan, state)
  let epoch = state?.epoch ?? plan.initialEpoch
  let resumed = state
  const history = [...(state?.history ?? [])]
  return {
    context,
    order,
    history,
    get epoch() {
      return epoch
    },
    get progress() {
      return resumed?.progress ?? noProgress
    },
    get seconds() {
      return resumed?.seconds ?? 0
    },
    finishEpoch(finished) {
      epoch = finished
      resumed = undefined
    },
    async keep(progress, milliseconds) {
      if (!options.onCheckpoint) return
      await options.onCheckpoint({
        weights: await session.readWeights(),
        optimizer: await session.readOptimizer(),
        ...order.snapshot(),
        epoch,
        progress,
        seconds: milliseconds / 1000,
        learningRate: context.learningRate,
        ...(context.clip === undefined ? {} : { clip: context.clip }),
        history: [...history],
      })
    },
  }
}

async function restore(session: Session, order: RowOrder, plan: FitPlan, state: TrainingState): Promise<void> {
  const { rowsOfPass, progress, epoch } = state
  if (rowsOfPass > plan.train.length || progress.steps > plan.stepsPerEpoch || epoch > plan.epochs) {
    throw new GichoError(
      'bad-data',
      `fit: expected a state of a training on ${plan.train.length} images, ${plan.stepsPerEpoch} steps an epoch, ` +
        `${plan.epochs} epochs, got one at row ${rowsOfPass}, step ${progress.steps}, epoch ${epoch}. ` +
        'Resume with the data and options of that run.',
    )
  }
  await session.writeWeights(state.weights)
  await session.writeOptimizer(state.optimizer)
  order.restore(state)
}

function makeContext(session: Session, plan: FitPlan, state: TrainingState | undefined): FitRun['context'] {
  const { clipNorm, globalClipNorm, clipValue } = plan.optimizer
  return {
    epochs: plan.epochs,
    stepsPerEpoch: plan.stepsPerEpoch,
    validates: plan.validation !== undefined,
    measuresAccuracy: !isMeanError(plan.loss),
    stopped: undefined,
    learningRate: state?.learningRate ?? plan.optimizer.learningRate,
    clip: state?.clip ?? clipNorm ?? globalClipNorm ?? clipValue,
    stop() {
      this.stopped = 'early'
    },
    readWeights: () => session.readWeights(),
    writeWeights: (weights) => session.writeWeights(weights),
    readOptimizer: () => session.readOptimizer(),
  }
}
