/*
 * The kernels of the GPU and their arguments. A call's WGSL text is a function of its arguments: shapes, addresses and options
 * stand in it as constants (webgpu/kernels); so does whether sums go through subgroups, which is the device's. Tensors, weights and their
 * layout are the CPU's, without halos: memory is arrays of groups of four, channels are padded to fours with zeros, so nothing but the
 * packed input image has a tail.
 */
import type { Augmentation, ImageShape, LossName } from '@gicho/core'
import type { Activation, ActivationForm } from '../graph/graph.ts'
import type { Mask, Ref, Tensor, WeightRef } from './emitter.ts'

/** A mask of dropout; `seed` and `stream` key its numbers. */
export interface Dropping {
  /** One number for each channel of an image, as SpatialDropout2D has it; else one for each of its values. */
  readonly wholeChannels?: boolean
  readonly seed: number
  readonly stream: number
  readonly threshold: number
  readonly keep: number
}

/** What becomes of each value that an op has computed, in this order, before it is written. */
export interface Finish {
  readonly relu: boolean
  readonly activation?: ActivationForm
  readonly dropout?: Dropping
}

/** Windows of a convolution; a Dense layer has one window of one place. */
export interface Window {
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly dilation: readonly [number, number]
  /** Zeros before the first row and column. */
  readonly top: number
  readonly left: number
}

/** How gradients become weights: the optimizer, or a region where they are added up. */
export interface GpuUpdate {
  readonly kind: string
  readonly settings: Readonly<Record<string, number>>
  /** Bytes from a weight to its first slot, from there to the next, and so on; the gradients are `slots` + 1 of them away. */
  readonly regionBytes: number
  readonly slots: number
  readonly storesGradients: boolean
  /** What gradients come multiplied by: 1 unless tensors lie as 16-bit floats, which have few digits for small numbers. */
  readonly gradientScale: number
  /** Of the weight: its gradient gets l1 sign(w) + 2 l2 w. */
  readonly penalty?: { readonly l1: number; readonly l2: number }
}

/** Scale and shift of a normalization: from the batch, or, frozen and in use, from the moving averages. */
export interface NormSource {
  readonly gamma: Ref | undefined
  readonly beta: Ref | undefined
  readonly movingMean: Ref | undefined
  readonly movingVariance: Ref | undefined
  readonly epsilon: number
}

/** Partial sums of a channel over `chunks` groups of `size` pixels. */
export interface Chunks {
  readonly pixels: number
  readonly size: number
  readonly chunks: number
}

export interface GpuKernels {
  /** x = table[byte], through the draws where images are augmented. */
  gather: {
    readonly y: Tensor
    readonly table: Ref
    readonly shape: ImageShape
    readonly capacity: number
    readonly augmentation: Augmentation | undefined
  }
  /** y = finish(windows of x times w + bias). */
  product: {
    readonly x: Tensor
    readonly y: Tensor
    readonly window: Window
    readonly w: WeightRef
    readonly bias: Ref | undefined
    readonly finish: Finish
  }
  /** dx, times the mask of what x came through. */
  productDx: {
    readonly dz: Tensor
    readonly dx: Tensor
    readonly window: Window
    readonly w: WeightRef
    readonly mask: Mask | undefined
  }
  /** The gradients of a kernel and its bias: into the update, or as `splits` partial sums over the pixels. */
  productDw: {
    readonly x: Tensor
    readonly dz: Tensor
    readonly window: Window
    readonly w: WeightRef
    readonly bias: WeightRef | undefined
    readonly update: GpuUpdate
    readonly biasUpdate: GpuUpdate
    readonly partial: { readonly at: Ref; readonly splits: number } | undefined
  }
  /** Adds the partial sums up, and updates. */
  reduceUpdate: {
    readonly partial: { readonly at: Ref; readonly splits: number }
    readonly rows: number
    readonly columns: number
    readonly w: WeightRef
    readonly bias: WeightRef | undefined
    readonly update: GpuUpdate
    readonly biasUpdate: GpuUpdate
  }
  /** Mean and squared deviations of each chunk of pixels. */
  normSums: { readonly x: Tensor; readonly chunks: Chunks; readonly out: Ref }
  /** stats: [mean][1 / deviation][scale][shift]; moves the averages. */
  normFinish: {
    readonly sums: Ref
    readonly chunks: Chunks
    readonly columns: number
    readonly source: NormSource
    readonly momentum: number
    readonly stats: Ref
  }
  /** y = x scale + shift, and its 2x2 max pool where there are `winner`s or `pool` is set. */
  normApply: {
    readonly x: Tensor
    readonly y: Tensor
    readonly stats: Ref | undefined
    readonly source: NormSource
    readonly pool: boolean
    readonly winner: Tensor | undefined
    readonly finish: Finish
  }
  /** Sums of dy and of dy times the normalised x. */
  normGradSums: {
    readonly x: Tensor
    readonly dy: Tensor
    readonly stats: Ref
    readonly winner: Tensor | undefined
    readonly chunks: Chunks
    readonly out: Ref
  }
  /** Coefficients of the gradient, [a][b][c], and the updates of gamma and beta. */
  normGradFinish: {
    readonly sums: Ref
    readonly chunks: Chunks
    readonly count: number
    readonly columns: number
    readonly stats: Ref
    readonly coefficients: Ref
    readonly gamma: WeightRef | undefined
    readonly beta: WeightRef | undefined
    readonly update: GpuUpdate
  }
  /** dx = a dy + b (x - mean) + c. */
  normGrad: {
    readonly x: Tensor
    readonly dy: Tensor
    readonly dx: Tensor
    readonly stats: Ref | undefined
    readonly source: NormSource
    readonly coefficients: Ref | undefined
    readonly winner: Tensor | undefined
    readonly mask: Mask | undefined
  }
  maxPool: {
    readonly x: Tensor
    readonly y: Tensor
    readonly window: Window
    readonly winner: Tensor | undefined
    readonly finish: Finish
  }
  maxPoolGrad: {
    readonly dy: Tensor
    readonly dx: Tensor
    readonly window: Window
    readonly winner: Tensor
    readonly mask: Mask | undefined
  }
  /** y = finish(x), or y += x. */
  copy: { readonly x: Tensor; readonly y: Tensor; readonly add: boolean; readonly finish: Finish }
  /** The same values in another shape. */
  relayout: { readonly x: Tensor; readonly y: Tensor; readonly finish: Finish }
  /**
   * y[n, row, column, channel] = x[n, row + rows, column + columns, channel + channels] where x has such a place; elsewhere y keeps
   * what it has, or becomes zero.
   */
  shift: {
    readonly x: Tensor
    readonly y: Tensor
    readonly rows: number
    readonly columns: number
    readonly channels: number
    readonly keep: boolean
    readonly finish: Finish
  }
  /** Every pixel size[0] x size[1] times; back: the sum over them. */
  upSample: {
    readonly x: Tensor
    readonly y: Tensor
    readonly size: readonly [number, number]
    readonly finish: Finish
  }
  upSampleGrad: { readonly dy: Tensor; readonly dx: Tensor; readonly size: readonly [number, number] }
  /** Between the pixels, whose coordinates lie at their centres if `centers`, else at their corners; back: the shares of each. */
  upSampleBilinear: {
    readonly x: Tensor
    readonly y: Tensor
    readonly size: readonly [number, number]
    readonly centers: boolean
    readonly finish: Finish
  }
  upSampleBilinearGrad: {
    readonly dy: Tensor
    readonly dx: Tensor
    readonly size: readonly [number, number]
    readonly centers: boolean
  }
  /** Means of windows, of the places inside the image alone. */
  averagePool: { readonly x: Tensor; readonly y: Tensor; readonly window: Window; readonly finish: Finish }
  averagePoolGrad: { readonly dy: Tensor; readonly dx: Tensor; readonly window: Window }
  /** The largest value of each channel; back: dy in equal parts to the places that hold it. */
  globalMax: { readonly x: Tensor; readonly y: Tensor }
  globalMaxGrad: { readonly x: Tensor; readonly y: Tensor; readonly dy: Tensor; readonly dx: Tensor }
  /** y = x + stddev z. */
  noise: {
    readonly x: Tensor
    readonly y: Tensor
    readonly seed: number
    readonly stream: number
    readonly stddev: number
    readonly finish: Finish
  }
  /** y = gamma xhat + beta over the channels of each pixel; keeps [mean, 1 / deviation] of each in training. */
  layerNorm: {
    readonly x: Tensor
    readonly y: Tensor
    readonly gamma: Ref | undefined
    readonly beta: Ref | undefined
    readonly epsilon: number
    readonly stats: Ref | undefined
    readonly finish: Finish
  }
  layerNormGrad: {
    readonly x: Tensor
    readonly dy: Tensor
    readonly dx: Tensor
    readonly gamma: Ref | undefined
    readonly stats: Ref
  }
  /** Sums of dy xhat and of dy over chunks of pixels. */
  layerNormSums: {
    readonly x: Tensor
    readonly dy: Tensor
    readonly stats: Ref
    readonly chunks: Chunks
    readonly out: Ref
  }
  /** The updates of gamma and beta from those. */
  layerNormUpdate: {
    readonly sums: Ref
    readonly chunks: Chunks
    readonly columns: number
    readonly gamma: WeightRef | undefined
    readonly beta: WeightRef | undefined
    readonly update: GpuUpdate
  }
  /** Each channel by itself, `multiplier` outputs from each. */
  depthwise: {
    readonly x: Tensor
    readonly y: Tensor
    readonly window: Window
    readonly multiplier: number
    readonly w: WeightRef
    readonly bias: Ref | undefined
    readonly finish: Finish
  }
  depthwiseDx: {
    readonly dz: Tensor
    readonly dx: Tensor
    readonly window: Window
    readonly multiplier: number
    readonly w: WeightRef
  }
  /** Partial sums of the gradients, for `reduceUpdate`. */
  depthwiseDw: {
    readonly x: Tensor
    readonly dz: Tensor
    readonly window: Window
    readonly multiplier: number
    readonly partial: { readonly at: Ref; readonly splits: number }
  }
  /** Adds a weight's penalty, as often as there are samples, to the loss of the step's record. */
  penalty: {
    readonly w: Ref
    readonly words: number
    readonly l1: number
    readonly l2: number
    readonly batch: number
    readonly sums: Ref
  }
  /** Scales each column of a kernel, or a vector as a whole, to a norm of at most `limit`. */
  maxNorm: {
    readonly w: Ref
    readonly words: number
    readonly panelBytes: number
    readonly columns: number
    readonly limit: number
  }
  /** y = f(x) of the activations whose gradient needs their input, or all channels of a pixel. */
  activate: { readonly x: Tensor; readonly y: Tensor; readonly activation: Activation; readonly finish: Finish }
  /** dx = dy f', told from `v`: x, of a softmax y. */
  activateGrad: { readonly v: Tensor; readonly dy: Tensor; readonly dx: Tensor; readonly activation: Activation }
  /** Takes a gradient back through what became of the values: in place. */
  finishGrad: { readonly y: Tensor; readonly dy: Tensor; readonly finish: Finish }
  /** Loss and hits of the batch into the step's record; the gradient in training. */
  loss: {
    readonly z: Tensor
    readonly dz: Tensor | undefined
    readonly classes: number
    readonly name: LossName
    readonly smoothing: number
    /** What dz is multiplied by. */
    readonly gradientScale: number
    readonly sums: Ref
    readonly capacity: number
    readonly weighted: boolean
  }
  /** What the model gives: probabilities, or z itself. */
  outputs: { readonly z: Tensor; readonly p: Ref; readonly classes: number; readonly name: LossName }
  /** norms[index] = sum of the squares of a weight's stored gradient. */
  gradientSquares: { readonly gradient: Ref; readonly words: number; readonly norms: Ref; readonly index: number }
  /** The update of a weight from its stored gradient, clipped, which is zeros then. */
  applyUpdate: {
    readonly w: Ref
    readonly words: number
    readonly update: GpuUpdate
    readonly share: number
    readonly clip: 'none' | 'value' | 'norm' | 'globalNorm'
    readonly norms: Ref | undefined
    readonly index: number
    readonly count: number
  }
}

export type GpuKernelName = keyof GpuKernels

/** One dispatch. */
export type GpuCall = {
  [K in GpuKernelName]: { readonly kernel: K; readonly args: GpuKernels[K] }
}[GpuKernelName]
