/*
 * What an op sees of the plan that it is written into: tensors, weights and scratch as symbolic addresses, and `call`, which
 * appends a kernel call. Memory is laid out, and barriers are placed, after all calls are known.
 */
import type { Augmentation, ImageShape } from '@gicho/core'
import type { GraphNode } from '../graph/graph.ts'
import type { KernelArguments, KernelName } from './kernel-table.ts'

/** A piece of memory whose address is known once the plan is laid out. */
export interface Buffer {
  readonly name: string
  readonly bytes: number
  /** `step` memory is shared by liveness within a step; `kept` keeps its zeros (halos) or its values from step to step. */
  readonly kind: 'step' | 'kept'
  /** Its values lie as 16-bit floats in a memory of their own, at half of their address; a GPU's tensors alone. */
  readonly half?: boolean
  address: number
}

/** A place in a buffer. */
export interface Ref {
  readonly buffer: Buffer
  readonly offset: number
}

/** Zeros around an image: what a convolution may read outside it. */
export interface Halo {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

export const NO_HALO: Halo = { top: 0, left: 0, bottom: 0, right: 0 }

/** Images of a batch: channels padded to fours with zeros (a single channel isn't padded), rows and images a stride apart. */
export interface Tensor {
  readonly name: string
  readonly batch: number
  readonly height: number
  readonly width: number
  readonly channels: number
  /** Channels as stored. */
  readonly columns: number
  readonly halo: Halo
  /** Bytes from pixel to pixel, row to row, image to image. */
  readonly pixel: number
  readonly row: number
  readonly image: number
  /** Of pixel (0, 0), inside the halo. */
  readonly at: Ref
}

/** A weight in the arena. */
export interface WeightRef {
  readonly name: string
  readonly at: Ref
  /** Of a kernel in panels: bytes from panel to panel. */
  readonly panelBytes: number
  readonly trainable: boolean
}

/** How the plan is used: `evaluate` and `predict` leave dropout out and normalise by the moving averages. */
export type PlanMode = 'train' | 'evaluate' | 'predict'

export type CallArguments<K extends KernelName> = Record<keyof KernelArguments<K>, number | Ref | undefined>

/** A relu (and dropout) before a tensor: its gradient passes where the tensor is above 0, times `keep`. */
export interface Mask {
  readonly tensor: Tensor
  readonly keep: number
}

/** Augmented input: a draw for each row of the order. */
export interface DrawnInput {
  readonly draws: Ref
  /** Of an image, whichever shape the model takes it in. */
  readonly shape: ImageShape
  readonly augmentation: Augmentation
}

export interface Emitter {
  readonly mode: PlanMode
  readonly batch: number
  readonly seed: number
  /** The optimizer's record. */
  readonly update: Ref
  /** Of the split that the plan runs on: bytes, and 16-bit labels. */
  readonly images: Ref
  readonly labels: Ref
  /** float32 value of each byte. */
  readonly byteTable: Ref
  /** A weight for each row of the order, where there are any. */
  readonly sampleWeights: Ref | undefined
  /** Where images are augmented: the draws of the run's rows, and how they are applied. */
  readonly drawn: DrawnInput | undefined
  /** The run's sums of losses and hits. */
  readonly sums: Ref
  /** The tensor that node `index` leaves. */
  output(index: number): Tensor
  /** The gradient with respect to node `index`'s output, to be written by its consumers and read by itself. */
  gradient(index: number): Tensor
  /** True when nothing that is trained lies at or before node `index`, so that its gradient isn't wanted. */
  isConstant(index: number): boolean
  weight(node: GraphNode, role: string): WeightRef | undefined
  /** The relu that lies in front of node `index`'s output and that its one consumer takes into the gradient. */
  mask(index: number): Mask | undefined
  scratch(name: string, bytes: number): Ref
  /** A list of 32-bit words in the arena, written once. */
  constants(name: string, words: readonly number[]): Ref
  call<K extends KernelName>(kernel: K, tiles: number, args: CallArguments<K>): void
}

/** The four words of a tensor under the name that a kernel gives it: `x`, `xImage`, `xRow`, `xPixel`. */
export function tensorArguments<N extends string>(
  name: N,
  tensor: Tensor,
): Record<N | `${N}Image` | `${N}Row` | `${N}Pixel`, number | Ref> {
  const words: Record<string, number | Ref> = {
    [name]: tensor.at,
    [`${name}Image`]: tensor.image,
    [`${name}Row`]: tensor.row,
    [`${name}Pixel`]: tensor.pixel,
  }
  return words as Record<N | `${N}Image` | `${N}Row` | `${N}Pixel`, number | Ref>
}
