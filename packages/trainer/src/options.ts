import {
  type Augmenter,
  checkDataset,
  checkOptionNames,
  type Engine,
  type EpochRecord,
  GichoError,
  type ImageDataset,
  type InputTreatment,
  type LossName,
  type OptimizerConfig,
  type RunStart,
  rmsprop,
  type StepProgress,
  type TrainingState,
} from '@gicho/core'
import type { Callback } from './callback.ts'
import { checkData, checkLoss, checkTrainable, checkWhole, inputTreatment } from './check.ts'
import type { TrainableModel } from './model.ts'
import { rowWeights } from './row-weights.ts'
import { splitOff } from './split.ts'

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
  /** Default one pass; rounded up. An epoch goes on where the pass stopped, and may span several. */
  readonly stepsPerEpoch?: number
  /** Weight of each class in the loss, by label; 1 where it isn't named. */
  readonly classWeight?: Readonly<Record<number, number>>
  /** Weight of each image of the data in the loss. Validation is not weighted. */
  readonly sampleWeight?: Float32Array
  /** Default `rmsprop()`. */
  readonly optimizer?: OptimizerConfig
  readonly loss?: LossName
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
  /** Default the eager engine of `@gicho/engine/tfjs`. */
  readonly engine?: Engine
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
}

const NAMES: readonly (keyof FitOptions)[] = [
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
]

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

/** Checks options and data, and fills in the defaults. @throws GichoError `bad-argument`, `bad-shape`, `bad-data` */
export function planFit(model: TrainableModel, data: ImageDataset, options: FitOptions): FitPlan {
  checkOptionNames('fit', options, NAMES)
  checkTrainable('fit', model)
  const { epochs = 1, batchSize = 32, initialEpoch = 0, validationSplit = 0, seed = 0 } = options
  checkWhole('fit', 'epochs', epochs, 1)
  checkWhole('fit', 'batchSize', batchSize, 1)
  checkWhole('fit', 'initialEpoch', initialEpoch, 0)
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new GichoError('bad-argument', `fit: expected seed to be a whole number from 0 to 4294967295, got ${seed}.`)
  }
  const { stepsPerEpoch, loss = 'categoricalCrossentropy', input = inputTreatment('fit', model) } = options
  if (stepsPerEpoch !== undefined && !(Number.isFinite(stepsPerEpoch) && stepsPerEpoch > 0)) {
    throw new GichoError('bad-argument', `fit: expected stepsPerEpoch to be a number > 0, got ${stepsPerEpoch}.`)
  }
  const { labelSmoothing = 0, checkpointSeconds = 30 } = options
  if (!(checkpointSeconds > 0)) {
    throw new GichoError('bad-argument', `fit: expected checkpointSeconds above 0, got ${checkpointSeconds}.`)
  }
  checkLoss('fit', loss)
  checkDataset(data)
  checkData('fit', model, data, input.shape, loss)
  const weights = rowWeights(data, options)
  const [train, heldOut] = splitOff(data, options.validationData ? 0 : validationSplit)
  const validation = options.validationData ?? heldOut
  if (options.validationData) {
    checkDataset(options.validationData)
    checkData('fit', model, options.validationData, input.shape, loss)
  }
  return {
    epochs,
    batchSize,
    train,
    validation,
    shuffle: options.shuffle ?? true,
    initialEpoch,
    stepsPerEpoch: Math.ceil(stepsPerEpoch ?? train.length / batchSize),
    weights: weights?.subarray(0, train.length),
    optimizer: options.optimizer ?? rmsprop(),
    loss,
    labelSmoothing,
    augment: options.augment,
    input,
    seed,
    checkpointSeconds,
    callbacks: options.callbacks ?? [],
  }
}
