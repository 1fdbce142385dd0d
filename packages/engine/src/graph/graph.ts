import type { Shape } from '@gicho/core'

/** What a layer applies to its output. */
export type Activation =
  | 'linear'
  | 'relu'
  | 'relu6'
  | 'leakyRelu'
  | 'elu'
  | 'selu'
  | 'sigmoid'
  | 'hardSigmoid'
  | 'tanh'
  | 'softplus'
  | 'swish'
  | 'gelu'
  | 'softmax'

/** An activation with its slope (leakyRelu) or scale (elu) below zero, or its slope in the middle (hardSigmoid). */
export interface ActivationForm {
  readonly activation: Activation
  readonly alpha: number
}

type Pair = readonly [number, number]

/** A window that slides over an image. */
interface Windowed {
  readonly strides: Pair
  readonly padding: 'same' | 'valid'
}

/** A layer as the compiler knows it; its fields carry Keras' names. Weights are named by their role. */
export type Layer =
  | { readonly kind: 'input' }
  | { readonly kind: 'dense'; readonly units: number; readonly useBias: boolean }
  | ({
      readonly kind: 'conv2d'
      readonly filters: number
      readonly kernelSize: Pair
      readonly dilation: Pair
      readonly useBias: boolean
    } & Windowed)
  | ({
      readonly kind: 'depthwiseConv2d'
      /** Output channels for each input channel. */
      readonly multiplier: number
      readonly kernelSize: Pair
      readonly dilation: Pair
      readonly useBias: boolean
    } & Windowed)
  | {
      readonly kind: 'batchNorm'
      readonly momentum: number
      readonly epsilon: number
      readonly center: boolean
      readonly scale: boolean
    }
  | { readonly kind: 'layerNorm'; readonly epsilon: number; readonly center: boolean; readonly scale: boolean }
  | ({ readonly kind: 'maxPool2d' | 'averagePool2d'; readonly poolSize: Pair } & Windowed)
  | { readonly kind: 'globalAveragePool2d' | 'globalMaxPool2d' }
  /** Rows before and after, columns before and after. */
  | { readonly kind: 'zeroPadding2d'; readonly rows: Pair; readonly columns: Pair }
  | {
      readonly kind: 'upSampling2d'
      readonly size: Pair
      /** `bilinear` as in tfjs, `halfPixel` as in Keras 3: where pixels have their coordinates, at their corners or centres. */
      readonly interpolation: 'nearest' | 'bilinear' | 'halfPixel'
    }
  | { readonly kind: 'dropout' | 'spatialDropout2d'; readonly rate: number; readonly stream: number }
  | { readonly kind: 'gaussianNoise'; readonly stddev: number; readonly stream: number }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'reshape'; readonly shape: Shape }
  | { readonly kind: 'add' }
  /** Axis of a sample: 0 for its rows, the last one for its channels. */
  | { readonly kind: 'concatenate'; readonly axis: number }
  | ({ readonly kind: 'activation' } & ActivationForm)

type LayerKind = Layer['kind']
export type LayerOf<K extends LayerKind> = Extract<Layer, { readonly kind: K }>

/** What is done with a weight besides its update. */
export interface WeightRule {
  readonly l1: number
  readonly l2: number
  /** The largest norm of each column. */
  readonly maxNorm?: number
}

/** One layer in the graph. */
export interface GraphNode {
  readonly layer: Layer
  readonly name: string
  /** Indices of the nodes whose outputs it reads. */
  readonly inputs: readonly number[]
  /** Names of its weights by role: kernel, bias, gamma … */
  readonly weights: Readonly<Record<string, string>>
  /** Penalties and constraints by role. */
  readonly rules?: Readonly<Record<string, WeightRule>>
  readonly trainable: boolean
  /** Of one sample: [height, width, channels] or [units]. */
  readonly shape: Shape
}

/** True where a trained weight has a constraint. */
export function isConstrained({ nodes }: Graph): boolean {
  return nodes.some(
    ({ trainable, rules = {} }) => trainable && Object.values(rules).some(({ maxNorm }) => maxNorm !== undefined),
  )
}

/** A model as a list of nodes, each after those that it reads; the last one gives the logits. */
export interface Graph {
  readonly nodes: readonly GraphNode[]
}
