/* What an op sees of the plan for a GPU that it is written into, and what every op's finish is. */
import { type Augmentation, dropThreshold, type ImageShape } from '@gicho/core'
import type { GraphNode } from '../graph/graph.ts'
import type { Mask, PlanMode, Ref, Tensor, WeightRef } from './emitter.ts'
import type { Finish, GpuKernelName, GpuKernels, GpuUpdate } from './gpu-table.ts'
import { type FusedOp, keepFactor } from './op.ts'

export interface GpuEmitter {
  readonly mode: PlanMode
  readonly batch: number
  readonly seed: number
  /** How a weight is updated: the optimizer's way, with the weight's own penalty. */
  updateOf(weight: WeightRef | undefined): GpuUpdate
  /** float32 value of each byte. */
  readonly byteTable: Ref
  /** Of the split's images, whichever shape the model takes them in. */
  readonly imageShape: ImageShape
  readonly augmentation: Augmentation | undefined
  /** Rows that a run has room for: where in the run's rows the sample weights and the draws begin. */
  readonly capacity: number
  /** True where each row of the order has a weight. */
  readonly weighted: boolean
  /** A record of loss and hits for each step of a run. */
  readonly sums: Ref
  output(index: number): Tensor
  gradient(index: number): Tensor
  isConstant(index: number): boolean
  weight(node: GraphNode, role: string): WeightRef | undefined
  mask(index: number): Mask | undefined
  /** @param half for groups of four 16-bit floats: `bytes` is what they would take as float32 */
  scratch(name: string, bytes: number, half?: boolean): Ref
  call<K extends GpuKernelName>(kernel: K, args: GpuKernels[K]): void
}

/** What dispatches an op consists of. */
export interface GpuOp {
  /** Writes the output, finished. */
  forward(op: FusedOp, emitter: GpuEmitter): void
  /** Writes the gradients with respect to its inputs, then updates its weights. */
  backward?(op: FusedOp, emitter: GpuEmitter): void
  /** True when its backward takes the producer's relu into the gradient that it writes. */
  readonly masksInput?: boolean
}

/** Nothing. */
export const PLAIN: Finish = { relu: false }

/** What was fused behind an op. */
export function finishOf(op: FusedOp, emitter: Pick<GpuEmitter, 'mode' | 'seed'>): Finish {
  const { relu, activation, dropout } = op
  const drops = dropout && emitter.mode === 'train' ? dropout : undefined
  return {
    relu,
    ...(activation ? { activation } : {}),
    ...(drops
      ? {
          dropout: {
            seed: emitter.seed,
            stream: drops.stream,
            threshold: dropThreshold(drops.rate),
            keep: keepFactor(drops.rate),
          },
        }
      : {}),
  }
}

/** True when values are written as they were computed. */
export function isPlain({ relu, activation, dropout }: Finish): boolean {
  return !relu && !activation && !dropout
}
