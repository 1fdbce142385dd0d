import {
  type Augmenter,
  describeNumber,
  type Engine,
  type EpochRecord,
  GichoError,
  type ImageDataset,
  type InputTreatment,
  type LossName,
  type OptimizerConfig,
  type OptimizerLike,
  type RunStart,
  type Shape,
  type StepProgress,
  type TrainingState,
} from '@gicho/core'
import { type Callback, checkCallbacks } from './callback.ts'
import {
  checkData,
  checkSameClasses,
  checkSmoothing,
  checkTrainable,
  checkWhole,
  inputTreatment,
  warnOfTwoScales,
} from './check.ts'
import type { EngineName } from './choose-engine.ts'
import { checkCompiledMetrics, chooseLoss, chooseOptimizer, type LossFunction, type NameOfLoss } from './compiled.ts'
import { checkGiven } from './door.ts'
import type { TrainableModel } from './model.ts'
import { rowWeights } from './row-weights.ts'
import { describeLostClasses, splitOff } from './split.ts'

/** Options of `fit`, with Keras' names, meanings and defaults. */
export interface FitOptions {
  /** Number of the last epoch, as in Keras: with `initialEpoch: 3`, `epochs: 5` trains two. Default 1. */
  readonly epochs?: number
  /** Default 32. */
  readonly batchSize?: number
  /** Evaluated after every epoch; wins over `validationSplit`. */
  readonly validationData?: ImageDataset
  /** The last part of the data, 0..1, is held out for validation. Default 0. */
  readonly validationSplit?: number
  /** A new order every pass. Default true. */
  readonly shuffle?: boolean
  /** Epochs that were done before. Default 0. */
  readonly initialEpoch?: number
  /** A whole number. Default one pass, its last batch may be short. An epoch goes on where the pass stopped, and may span several. */
  readonly stepsPerEpoch?: number
  /**
   * Weight of each class in the loss, by label; 1 where it isn't named. `balanced` gives every class the same share, as scikit-learn
   * does: images / (classes * images of the class).
   */
  readonly classWeight?: Readonly<Record<number, number>> | 'balanced'
  /** Weight of each image of the data in the loss. Validation is not weighted. */
  readonly sampleWeight?: Float32Array
  /**
   * `rmsprop()`, `'rmsprop'` (Keras' defaults), or one of tfjs, which is computed as tfjs does. Default: what the model was compiled
   * with, else `rmsprop()`.
   */
  readonly optimizer?: OptimizerLike
  /** Default: what the model was compiled with, else `categoricalCrossentropy`. A loss function of tfjs is taken where it is one of these. */
  readonly loss?: LossName | LossFunction
  /** 0 up to but not 1: cross-entropy against labels that are that much less certain. Default 0. */
  readonly labelSmoothing?: number
  /** Transforms every training image anew each time that it is seen; an `ImageDataGenerator` of `@gicho/augment`. */
  readonly augment?: Augmenter
  /**
   * How bytes become what the network sees, in the model's input shape. Default: divided by 255; as they are where the model begins
   * with a Rescaling or Normalization layer.
   */
  readonly input?: InputTreatment
  /** Order and dropout masks follow from it, 0..2^32-1. Default 0. */
  readonly seed?: number
  /**
   * Default the compiled engine on the CPU; for a model that it can't run, the eager one, with a warning. By name: `wasm` and `webgpu`
   * compile for the CPU and the GPU, `tfjs` is the eager one, `auto` the quickest that is there.
   */
  readonly engine?: Engine | EngineName
  readonly callbacks?: readonly Callback[]
  /** Goes on from a state that `onCheckpoint` was given, with the same data and options. Callbacks start anew. */
  readonly resumeFrom?: TrainingState
  /**
   * Given the training's state after each epoch, when the signal has stopped it, and every `checkpointSeconds` in between. With
   * accumulated gradients the state has none of those since the last update.
   */
  readonly onCheckpoint?: (state: TrainingState) => void | Promise<void>
  /** Default 30. */
  readonly checkpointSeconds?: number
  /** Stops between two steps; the model then has the weights so far. */
  readonly signal?: AbortSignal
  /** Called once the engine is open. */
  readonly onStart?: (run: RunStart) => void
  /** Called a few times a second with the epoch's sums so far. */
  readonly onProgress?: (progress: StepProgress & { readonly epoch: number; readonly stepsPerEpoch: number }) => void
  readonly onEpoch?: (record: EpochRecord) => void | Promise<void>
  /** Told, once each, of what is probably not meant. Default `console.warn`. */
  readonly onWarning?: (message: string) => void
}

/** The names of all options of `fit`. */
export const FIT_OPTIONS: readonly (keyof FitOptions)[] = [
  'epochs',
  'batchSize',
  'validationData',
  'validationSplit',
  'shuffle',
  'initialEpoch',
  'stepsPerEpoch',
  'classWeight',
  'sampleWeight',
  'optimizer',
  'loss',
  'labelSmoothing',
  'augment',
  'input',
  'seed',
  'engine',
  'callbacks',
  'resumeFrom',
  'onCheckpoint',
  'checkpointSeconds',
  'signal',
  'onStart',
  'onProgress',
  'onEpoch',
  'onWarning',
]

/** What a plan needs of others: the names of losses, and somebody to tell. */
export interface PlanHelp {
  readonly nameOfLoss: NameOfLoss
  readonly warn: (message: string) => void
}

/** Checked options with nothing left open. */
export interface FitPlan {
  readonly epochs: number
  readonly batchSize: number
  readonly train: ImageDataset
  readonly validation: ImageDataset | undefined
  readonly shuffle: boolean
  readonly initialEpoch: number
  readonly stepsPerEpoch: number
  /** A weight for each row of `train`, where any is weighted. */
  readonly weights: Float32Array | undefined
  readonly optimizer: OptimizerConfig
  readonly loss: LossName
  readonly labelSmoothing: number
  readonly augment: Augmenter | undefined
  readonly input: InputTreatment
  readonly seed: number
  readonly checkpointSeconds: number
  readonly callbacks: readonly Callback[]
}

/**
 * Checks options and data, and fills in the defaults.
 *
 * @throws GichoError `bad-argument`, `bad-shape`, `bad-data`; `unsupported` for a loss, optimizer or metric that isn't known here
 */
export function planFit(model: TrainableModel, data: ImageDataset, options: FitOptions, help: PlanHelp): FitPlan {
  checkTrainable('fit', model)
  checkNumbers(options)
  checkCallbacks(options.callbacks)
  const { batchSize = 32, stepsPerEpoch, input = inputTreatment('fit', model) } = options
  warnOfTwoScales(model, input, help.warn)
  const loss = chooseLoss('fit', model, options.loss, help.nameOfLoss)
  checkCompiledMetrics('fit', model, loss)
  checkData('fit', model, data, input.shape, loss)
  const weights = rowWeights(data, options)
  const [train, validation] = partsOf(model, data, options, { sample: input.shape, loss, warn: help.warn })
  return {
    epochs: options.epochs ?? 1,
    batchSize,
    train,
    validation,
    shuffle: options.shuffle ?? true,
    initialEpoch: options.initialEpoch ?? 0,
    stepsPerEpoch: stepsPerEpoch ?? Math.ceil(train.length / batchSize),
    weights: weights?.subarray(0, train.length),
    optimizer: chooseOptimizer('fit', model, options.optimizer),
    loss,
    labelSmoothing: options.labelSmoothing ?? 0,
    augment: options.augment,
    input,
    seed: options.seed ?? 0,
    checkpointSeconds: options.checkpointSeconds ?? 30,
    callbacks: options.callbacks ?? [],
  }
}

function checkNumbers({ epochs = 1, batchSize = 32, initialEpoch = 0, stepsPerEpoch, ...rest }: FitOptions): void {
  checkWhole('fit', 'epochs', epochs, 1)
  checkWhole('fit', 'batchSize', batchSize, 1)
  checkWhole('fit', 'initialEpoch', initialEpoch, 0)
  if (stepsPerEpoch !== undefined) checkWhole('fit', 'stepsPerEpoch', stepsPerEpoch, 1)
  const { seed = 0, checkpointSeconds = 30, labelSmoothing = 0 } = rest
  checkSmoothing('fit', labelSmoothing)
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new GichoError(
      'bad-argument',
      `fit: expected seed to be a whole number from 0 to 4294967295, got ${describeNumber(seed)}.`,
    )
  }
  if (!(typeof checkpointSeconds === 'number' && checkpointSeconds > 0)) {
    throw new GichoError(
      'bad-argument',
      `fit: expected checkpointSeconds above 0, got ${describeNumber(checkpointSeconds)}.`,
    )
  }
}

/** What is trained on, and what is validated on, where anything is. */
function partsOf(
  model: TrainableModel,
  data: ImageDataset,
  { validationData, validationSplit = 0 }: FitOptions,
  { sample, loss, warn }: { sample: Shape; loss: LossName; warn: (message: string) => void },
): [train: ImageDataset, validation: ImageDataset | undefined] {
  if (validationData !== undefined) {
    checkGiven('fit: validationData', validationData)
    checkData('fit', model, validationData, sample, loss)
    checkSameClasses(data, validationData)
    return [data, validationData]
  }
  const [train, heldOut] = splitOff(data, validationSplit)
  const lost = heldOut && describeLostClasses(train, heldOut)
  if (lost) warn(lost)
  return [train, heldOut]
}
