import type { ImageShape, RandomStateSnapshot } from '@gicho/core'
import type { ImageValues } from './apply-draw.ts'
import type { Draw } from './draw.ts'

/** Labels, one number an image or several (one-hot rows). */
export type LabelValues = Uint8Array | Uint16Array | Int32Array | Float32Array

/** Images with or without labels. core's `ImageDataset` is one. */
export interface LabelledImages<L extends LabelValues = LabelValues> {
  /** [n, height, width, channels]. */
  readonly images: ImageValues
  readonly shape: ImageShape
  /** [n] or [n, k]. */
  readonly labels?: L
}

/** One batch before it is rendered: data that can be sent to another thread. */
export interface BatchPlan {
  /** Rows of the data that was given to `flow`. */
  readonly rows: Uint32Array
  /** One for each row. */
  readonly draws: readonly Draw[]
}

/** One batch. */
export interface Batch<L extends LabelValues = LabelValues> extends BatchPlan {
  /** [rows, height, width, channels]. */
  readonly images: Float32Array
  readonly shape: readonly [batch: number, height: number, width: number, channels: number]
  readonly labels?: L
  readonly sampleWeight?: Float32Array
}

/** Where a flow stands; with it a flow over the same data goes on as if it had never stopped. */
export interface FlowSnapshot {
  readonly batchIndex: number
  readonly totalBatchesSeen: number
  /** The permutation of the current walk; null before the first. */
  readonly order: Uint32Array | null
  readonly random: RandomStateSnapshot
}
