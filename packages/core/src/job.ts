import type { ImageDataset, InputTreatment } from './dataset.ts'
import type { Augmentation } from './draw-table.ts'
import { GichoError } from './errors.ts'
import { wrongSetting } from './optimizer-ranges.ts'
import { checkOptionNames } from './option-names.ts'
import type { Shape } from './shape.ts'

/** A named array of float32 values: a weight, an optimizer slot. */
export interface NamedArray {
  readonly name: string
  readonly shape: Shape
  readonly values: Float32Array
}

/** A tfjs-layers model as data: what `LayersModel.toJSON` says, and its weights in the order of `model.weights`. */
export interface ModelSpec {
  readonly topology: Readonly<Record<string, unknown>>
  readonly weights: readonly NamedArray[]
  /** Layers of which some weights are trained and others not, which no engine does; the topology says `trainable: false` of whole layers. */
  readonly partlyFrozen?: readonly string[]
}

/**
 * What is minimised, as a mean over samples. Labels are whole numbers: with several outputs the target is the label's one-hot row,
 * with one output the label itself.
 *
 * The cross-entropies are computed from logits, fused with the model's final softmax (categorical; `sparse…` is the same here) or
 * sigmoid (binary; the mean over the outputs). The mean errors take the model's outputs as they are.
 */
export type LossName =
  | 'categoricalCrossentropy'
  | 'sparseCategoricalCrossentropy'
  | 'binaryCrossentropy'
  | 'meanSquaredError'
  | 'meanAbsoluteError'

/** What is done with a step's gradients before any optimizer sees them: Keras' options, left out when undefined. */
export interface GradientOptions {
  /** The largest L2 norm of each weight's gradient. At most one of the three clips may be given. */
  readonly clipNorm?: number
  /** The largest L2 norm of all gradients together. */
  readonly globalClipNorm?: number
  /** The largest absolute value of each number. */
  readonly clipValue?: number
  /** Steps whose gradients are averaged before each update; 1 unless said. */
  readonly accumulationSteps?: number
}

/**
 * RMSprop's settings. Update: `ms = rho ms + (1 - rho) g^2; w -= learningRate g / sqrt(ms + epsilon)` (Keras 3). Centered, the
 * square of the mean gradient is taken from `ms`; with momentum, `m = momentum m + step; w -= m`.
 */
export interface RmspropConfig extends GradientOptions {
  readonly name: 'rmsprop'
  readonly learningRate: number
  readonly rho: number
  readonly epsilon: number
  /** `tf2` divides by `sqrt(ms) + epsilon`, as the TF-2 Keras of the course did. */
  readonly epsilonMode: 'keras3' | 'tf2'
  /** 0 unless said. */
  readonly momentum?: number
  /** False unless said. */
  readonly centered?: boolean
}

/** Stochastic gradient descent. With momentum: `v = momentum v - learningRate g; w += v`; Nesterov's `w += momentum v - learningRate g`. */
export interface SgdConfig extends GradientOptions {
  readonly name: 'sgd'
  readonly learningRate: number
  readonly momentum: number
  /** False unless said; without momentum it changes nothing. */
  readonly nesterov?: boolean
}

/** Adam (D. Kingma, J. Ba, 2015), with Keras' placing of epsilon unless said. */
export interface AdamConfig extends GradientOptions {
  readonly name: 'adam'
  readonly learningRate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** `tfjs` corrects the second average before epsilon is added to its root, as tfjs and the paper do; Keras after that. Default `keras3`. */
  readonly epsilonMode?: 'keras3' | 'tfjs'
}

/** Adam with decoupled weight decay (I. Loshchilov, F. Hutter, 2019): `w -= learningRate weightDecay w` before Adam's step, for every weight. */
export interface AdamwConfig extends Omit<AdamConfig, 'name' | 'epsilonMode'> {
  readonly name: 'adamw'
  readonly weightDecay: number
}

// Every setting there is: the compiler sees that none is missing.
const GRADIENTS: Readonly<Record<keyof GradientOptions, true>> = {
  clipNorm: true,
  globalClipNorm: true,
  clipValue: true,
  accumulationSteps: true,
}
const RMSPROP: Readonly<Record<keyof RmspropConfig, true>> = {
  name: true,
  learningRate: true,
  rho: true,
  epsilon: true,
  epsilonMode: true,
  momentum: true,
  centered: true,
  ...GRADIENTS,
}
const SGD: Readonly<Record<keyof SgdConfig, true>> = {
  name: true,
  learningRate: true,
  momentum: true,
  nesterov: true,
  ...GRADIENTS,
}
const ADAM: Readonly<Record<keyof AdamConfig, true>> = {
  name: true,
  learningRate: true,
  beta1: true,
  beta2: true,
  epsilon: true,
  epsilonMode: true,
  ...GRADIENTS,
}
const ADAMW: Readonly<Record<keyof AdamwConfig, true>> = {
  name: true,
  learningRate: true,
  beta1: true,
  beta2: true,
  epsilon: true,
  weightDecay: true,
  ...GRADIENTS,
}

/**
 * The settings that are given and that the optimizer has. Another optimizer's whole settings may be handed on: what this one doesn't
 * have is left out then.
 *
 * @throws GichoError `bad-argument` for a setting that there isn't, or outside its range
 */
function checkSettings<Options extends object>(
  optimizer: string,
  options: Options,
  own: Readonly<Record<string, true>>,
): Partial<Options> {
  const handedOn = isObject(options) && 'name' in options && options.name !== optimizer
  checkOptionNames(optimizer, options, handedOn ? { ...RMSPROP, ...SGD, ...ADAM, ...ADAMW } : own)
  const given: Partial<Options> = { ...options }
  for (const name in given) if (given[name] === undefined || !Object.hasOwn(own, name)) delete given[name]
  const wrong = wrongSetting(given)
  if (!wrong) return given
  throw new GichoError(
    'bad-argument',
    `${optimizer}: expected ${wrong.name} to be ${wrong.expected}, got ${wrong.got}.`,
  )
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

export type OptimizerConfig = RmspropConfig | SgdConfig | AdamConfig | AdamwConfig

/** RMSprop with Keras' defaults: learning rate 1e-3, rho 0.9, epsilon 1e-7. @throws GichoError `bad-argument` for settings that there aren't or outside their range */
export function rmsprop(options: Partial<Omit<RmspropConfig, 'name'>> = {}): RmspropConfig {
  return {
    learningRate: 1e-3,
    rho: 0.9,
    epsilon: 1e-7,
    epsilonMode: 'keras3',
    ...checkSettings('rmsprop', options, RMSPROP),
    name: 'rmsprop',
  }
}

/** SGD with Keras' defaults: learning rate 1e-2, no momentum. @throws GichoError `bad-argument` for settings that there aren't or outside their range */
export function sgd(options: Partial<Omit<SgdConfig, 'name'>> = {}): SgdConfig {
  return { learningRate: 1e-2, momentum: 0, ...checkSettings('sgd', options, SGD), name: 'sgd' }
}

/** Adam with Keras' defaults: learning rate 1e-3, beta1 0.9, beta2 0.999, epsilon 1e-7. @throws GichoError `bad-argument` for settings that there aren't or outside their range */
export function adam(options: Partial<Omit<AdamConfig, 'name'>> = {}): AdamConfig {
  return {
    learningRate: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    ...checkSettings('adam', options, ADAM),
    name: 'adam',
  }
}

/** AdamW with Keras' defaults: Adam's, and a weight decay of 4e-3. @throws GichoError `bad-argument` for settings that there aren't or outside their range */
export function adamw(options: Partial<Omit<AdamwConfig, 'name'>> = {}): AdamwConfig {
  return {
    learningRate: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    weightDecay: 4e-3,
    ...checkSettings('adamw', options, ADAMW),
    name: 'adamw',
  }
}

export type OptimizerName = OptimizerConfig['name']

/** Every optimizer by its name, with Keras' defaults. */
export const optimizers: Readonly<
  Record<OptimizerName, (options?: { readonly learningRate?: number }) => OptimizerConfig>
> = { rmsprop, sgd, adam, adamw }

/** What is to be trained, whatever trains it. */
export interface TrainingJob {
  readonly model: ModelSpec
  readonly loss: LossName
  /** 0 up to but not 1; 0 unless said. Cross-entropy against `y (1 - s) + s / classes`, the binary one against `y (1 - s) + s / 2`. */
  readonly labelSmoothing?: number
  readonly optimizer: OptimizerConfig
  readonly batchSize: number
  /** 0..2^32-1; keys the dropout masks. */
  readonly seed: number
  readonly input: InputTreatment
  /** How the draws of each `train` call are applied; left out when images are trained on as they are. */
  readonly augment?: Augmentation
}

/** The data of a session: trained on `train`; `validation` is what `evaluate('test')` reads. */
export interface TrainingData {
  readonly train: ImageDataset
  readonly validation?: ImageDataset
}
