import type { ActivationForm, GraphNode } from '../graph/graph.ts'
import type { Emitter, Halo } from './emitter.ts'

/** Sizes of one sample of an op's input. */
export interface ImageSize {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/**
 * A layer together with what the plan fused into it: its relu, the dropout after that, the 2x2 pool behind a normalization.
 * `inputs` and `output` are node indices; the nodes between `node` and `output` are the fused ones.
 */
export interface FusedOp {
  readonly node: GraphNode
  readonly inputs: readonly number[]
  readonly output: number
  readonly relu: boolean
  /** Another activation, in place, whose gradient is told from its output. */
  readonly activation?: ActivationForm
  /** Dropout behind the relu: its place is told from zeros, so no mask is kept. */
  readonly dropout?: { readonly rate: number; readonly stream: number }
  readonly pool: boolean
  /** A convolution with the batch normalization and the 2x2 pool behind it, as one op: see stem.ts. */
  readonly stem?: { readonly relu: boolean; readonly norm: GraphNode }
}

/** What kernels an op consists of. */
export interface Op {
  /** Zeros that it wants around its input. */
  inputHalo?(op: FusedOp, input: ImageSize): Halo
  /** Zeros that it wants around the gradient with respect to its output. */
  gradientHalo?(op: FusedOp, input: ImageSize): Halo
  forward(op: FusedOp, emitter: Emitter): void
  /** Writes the gradients with respect to its inputs, then updates its weights. */
  backward?(op: FusedOp, emitter: Emitter): void
  /** True when its backward takes the producer's relu into the gradient that it writes. */
  readonly masksInput?: boolean
}

/** The factor by which a dropout at `rate` scales what it keeps. */
export function keepFactor(rate: number | undefined): number {
  return rate === undefined ? 1 : Math.fround(1 / (1 - rate))
}
