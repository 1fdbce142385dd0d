import type { Shape } from '@gicho/core'

/** What a layer applies to its output. */
export type Activation = 'linear' | 'relu' | 'softmax'

/** A layer as the compiler knows it; its fields carry Keras' names. Weights are named by their role. */
export type Layer =
  | { readonly kind: 'input' }
  | { readonly kind: 'dense'; readonly units: number; readonly useBias: boolean }
  | {
      readonly kind: 'conv2d'
      readonly filters: number
      readonly kernelSize: readonly [number, number]
      readonly strides: readonly [number, number]
      readonly dilation: readonly [number, number]
      readonly padding: 'same' | 'valid'
      readonly useBias: boolean
    }
  | {
      readonly kind: 'batchNorm'
      readonly momentum: number
      readonly epsilon: number
      readonly center: boolean
      readonly scale: boolean
    }
  | {
      readonly kind: 'maxPool2d'
      readonly poolSize: readonly [number, number]
      readonly strides: readonly [number, number]
      readonly padding: 'same' | 'valid'
    }
  | { readonly kind: 'dropout'; readonly rate: number; readonly stream: number }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'activation'; readonly activation: Activation }

type LayerKind = Layer['kind']
export type LayerOf<K extends LayerKind> = Extract<Layer, { readonly kind: K }>

/** One layer in the graph. */
export interface GraphNode {
  readonly layer: Layer
  readonly name: string
  /** Indices of the nodes whose outputs it reads. */
  readonly inputs: readonly number[]
  /** Names of its weights by role: kernel, bias, gamma … */
  readonly weights: Readonly<Record<string, string>>
  readonly trainable: boolean
  /** Of one sample: [height, width, channels] or [units]. */
  readonly shape: Shape
}

/** A model as a list of nodes, each after those that it reads; the last one gives the logits. */
export interface Graph {
  readonly nodes: readonly GraphNode[]
}
