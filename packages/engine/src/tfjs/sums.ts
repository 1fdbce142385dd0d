import type { MetricSums } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import type { BatchSums } from './loss.ts'

/** Batches whose sums are put into one tensor, so that few are left to be read. */
const BLOCK = 32

/**
 * Keeps the batches' sums on the device, so that a step never waits for a read, and adds them up in float64 when they are read: the
 * result doesn't depend on when, or how often, that is.
 */
export class SumsOnDevice {
  #loss: number
  #correct: number
  /** [batches, 2] each. */
  #blocks: tf.Tensor[] = []
  #batches: BatchSums[] = []

  /** @param from sums to go on from */
  constructor({ loss, correct }: Pick<MetricSums, 'loss' | 'correct'> = { loss: 0, correct: 0 }) {
    this.#loss = loss
    this.#correct = correct
  }

  /** Takes over `sums` and disposes it. Needs the backend active. */
  add(sums: BatchSums): void {
    this.#batches.push(sums)
    if (this.#batches.length < BLOCK) return
    this.#blocks.push(tf.stack(this.#batches))
    tf.dispose(this.#batches)
    this.#batches = []
  }

  /** The sums so far; waits for the device. */
  async read(): Promise<{ loss: number; correct: number }> {
    const parts = [...this.#blocks, ...this.#batches]
    this.#blocks = []
    this.#batches = []
    const read = await Promise.all(parts.map((part) => part.data()))
    tf.dispose(parts)
    for (const values of read) {
      for (let i = 0; i < values.length; i += 2) {
        this.#loss += values[i] ?? 0
        this.#correct += values[i + 1] ?? 0
      }
    }
    return { loss: this.#loss, correct: this.#correct }
  }

  dispose(): void {
    tf.dispose([...this.#blocks, ...this.#batches])
    this.#blocks = []
    this.#batches = []
  }
}
