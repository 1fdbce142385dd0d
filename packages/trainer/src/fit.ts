import {
  type DeviceInfo,
  type EpochRecord,
  GichoError,
  type History,
  type ImageDataset,
  type InputTreatment,
  isGichoError,
  type LossName,
  type MetricSums,
  type NamedArray,
  type OptimizerConfig,
  type Session,
} from '@gicho/core'
import type { StopReason } from './callback.ts'
import { checkOptions } from './check-options.ts'
import { chooseEngine } from './choose-engine.ts'
import { isMeanError } from './compiled.ts'
import { checkGiven, checkModel } from './door.ts'
import { loadBridge } from './engine-package.ts'
import { noProgress, trainEpoch } from './epoch.ts'
import { beginRun, jobOf } from './fit-run.ts'
import { beginTraining } from './in-training.ts'
import type { TrainableModel } from './model.ts'
import { FIT_OPTIONS, type FitOptions, type FitPlan, planFit } from './options.ts'
import { warnings } from './warnings.ts'

/** What a training has left behind, beside the weights in the model. */
export interface FitResult {
  /** The finished epochs. */
  readonly history: History
  readonly device: DeviceInfo
  /** Absent when all epochs were run. */
  readonly stopped?: StopReason
  readonly optimizerState: NamedArray[]
  /** How bytes went into the model: what a saved model says of its input. */
  readonly input: InputTreatment
  /** What a saved model says of its training. */
  readonly compile: {
    readonly loss: LossName
    readonly optimizer: OptimizerConfig
    /** Empty with a mean error. */
    readonly metrics: readonly 'accuracy'[]
  }
}

/**
 * Trains a tfjs-layers model, as Keras' `model.fit` does; afterwards the trained weights are in `model`, also after an
 * abort. The same seed gives the same order of images and the same dropout masks on every engine. What the call doesn't say of loss
 * and optimizer is what the model was compiled with. While it runs, another `fit`, `evaluate` or `predict` of the model is refused.
 *
 * @example
 * const { history } = await fit(mnistMlp(), train, { epochs: 5, validationData: test })
 * @throws GichoError `bad-argument`, `bad-shape`, `bad-data` before the start; `unsupported` for what the model was compiled with and
 * isn't known here; `unsupported`, `unavailable` from the engine;
 * `not-finite` when the loss is no longer a number: the model then has its weights from before that epoch
 */
export async function fit(model: TrainableModel, data: ImageDataset, options: FitOptions = {}): Promise<FitResult> {
  checkModel('fit', model)
  checkGiven('fit', data)
  checkOptions('fit', options, FIT_OPTIONS)
  const ended = beginTraining(model)
  try {
    return await train(model, data, options)
  } finally {
    ended()
  }
}

async function train(model: TrainableModel, data: ImageDataset, options: FitOptions): Promise<FitResult> {
  const bridge = await loadBridge()
  const warn = warnings(options.onWarning)
  const plan = planFit(model, data, options, { nameOfLoss: bridge.nameOfLoss, warn })
  const spec = await bridge.readModel(model)
  const engine = await chooseEngine('fit', options.engine, warn)
  const { optimizer, loss, train, validation, stepsPerEpoch, epochs } = plan
  const session = await engine.open(jobOf(spec, plan), validation ? { train, validation } : { train })
  let lastGood: readonly NamedArray[] = spec.weights
  try {
    const run = await beginRun(session, spec, plan, options)
    lastGood = await session.readWeights()
    const parameters = spec.weights.reduce((total, { values }) => total + values.length, 0)
    const { device } = session
    const sizes = { parameters, train: train.length, valid: validation?.length ?? 0, stepsPerEpoch }
    options.onStart?.({ engine: engine.name, device: device.name, threads: device.threads, ...sizes })

    const { context, history } = run
    for (const callback of plan.callbacks) await callback.onTrainBegin?.(context)

    for (let epoch = run.epoch + 1; epoch <= epochs && context.stopped === undefined; epoch++) {
      for (const callback of plan.callbacks) await callback.onEpochBegin?.(epoch, context)
      const began = performance.now() - run.seconds * 1000
      const sums = await trainEpoch({
        session,
        plan,
        order: run.order,
        epoch,
        progress: run.progress,
        learningRate: context.learningRate,
        clip: context.clip,
        signal: options.signal,
        onProgress: (progress) => options.onProgress?.({ ...progress, epoch, stepsPerEpoch }),
        ...(options.onCheckpoint ? { onPause: (progress) => run.keep(progress, performance.now() - began) } : {}),
      })
      const trained = performance.now()
      const validated = sums.steps < stepsPerEpoch ? 'aborted' : await validate(session, plan, epoch, options.signal)
      if (validated === 'aborted') {
        context.stopped = 'aborted'
        await run.keep(sums, trained - began)
        break
      }
      const seconds = (performance.now() - began) / 1000
      const trainedMeans = means(loss, sums)
      const record = { epoch, ...trainedMeans, ...validated, seconds, msPerStep: (trained - began) / sums.steps }
      history.push(record)
      lastGood = await finiteWeights(session, `epoch ${epoch}`)
      for (const callback of plan.callbacks) await callback.onEpochEnd?.(record, context)
      await options.onEpoch?.(record)
      run.finishEpoch(epoch)
      await run.keep(noProgress, 0)
    }

    for (const callback of plan.callbacks) await callback.onTrainEnd?.(history, context)
    const optimizerState = await session.readOptimizer()
    lastGood = await finiteWeights(session, 'the last epoch')
    const stopped = context.stopped ? { stopped: context.stopped } : {}
    const compile = { loss, optimizer, metrics: isMeanError(loss) ? [] : (['accuracy'] as const) }
    return { history, device, ...stopped, optimizerState, input: plan.input, compile }
  } finally {
    await session.dispose()
    bridge.assignWeights(model, lastGood)
  }
}

/** A loss tells of the weights before its step alone: those that the last one broke are looked at. @throws GichoError `not-finite` */
async function finiteWeights(session: Session, when: string): Promise<readonly NamedArray[]> {
  const weights = await session.readWeights()
  const broken = weights.find(({ values }) => !values.every(Number.isFinite))
  if (!broken) return weights
  throw new GichoError(
    'not-finite',
    `fit: the weights ${broken.name} are no longer finite at the end of ${when}. The model keeps its weights from before that epoch. ` +
      'Lower the learning rate (a tenth is a good try), and check that the input is scaled and the data has no gaps.',
  )
}

/** The validation's part of an epoch's record; nothing when there is no validation data. */
async function validate(
  session: Session,
  { validation, loss: name }: FitPlan,
  epoch: number,
  signal: AbortSignal | undefined,
): Promise<Pick<EpochRecord, 'val_loss' | 'val_accuracy'> | 'aborted'> {
  if (!validation) return {}
  try {
    const { loss, accuracy } = means(name, await session.evaluate('test', signal ? { signal } : {}))
    if (Number.isFinite(loss)) return { val_loss: loss, ...(accuracy === undefined ? {} : { val_accuracy: accuracy }) }
    throw new GichoError(
      'not-finite',
      `fit: the validation loss became ${loss} after epoch ${epoch}. The model keeps its weights from before that epoch. ` +
        'Lower the learning rate (a tenth is a good try), and check the validation data.',
    )
  } catch (error) {
    if (isGichoError(error, 'aborted')) return 'aborted'
    throw error
  }
}

/** Sums as means over samples. */
function means(name: LossName, { loss, correct, samples }: MetricSums): { loss: number; accuracy?: number } {
  return { loss: loss / samples, ...(isMeanError(name) ? {} : { accuracy: correct / samples }) }
}
