import * as tf from '@tensorflow/tfjs-core'
import type { BatchSums } from './loss.ts'

/** Batches whose sums are added up in float32 before float64 takes over. */
const BLOCK = 32

/**
 * Adds up the batches' sums on the device, so that a step never waits for a read. Blocks of 32 batches are closed and
 * later added in float64: the result doesn't depend on when, or how often, it is read.
 */
export class SumsOnDevice {
  #loss = 0
  #correct = 0
  #closed: tf.Tensor[] = []
  #open: tf.Tensor | undefined
  #batches = 0

  /** Takes over `sums` and disposes it. Needs the backend active. */
  add(sums: BatchSums): void {
    const open = this.#open
    this.#open = open ? tf.add(open, sums) : sums
    if (open) tf.dispose([open, sums])
    if (++this.#batches % BLOCK === 0) {
      this.#closed.push(this.#open)
      this.#open = undefined
    }
  }

  /** The sums so far; waits for the device. */
  async read(): Promise<{ loss: number; correct: number }> {
    const closed = this.#closed
    this.#closed = []
    const [open, ...blocks] = await Promise.all([this.#open?.data(), ...closed.map((block) => block.data())])
    tf.dispose(closed)
    for (const block of blocks) {
      this.#loss += block?.[0] ?? 0
      this.#correct += block?.[1] ?? 0
    }
    return { loss: this.#loss + (open?.[0] ?? 0), correct: this.#correct + (open?.[1] ?? 0) }
  }

  dispose(): void {
    tf.dispose(this.#closed)
    this.#open?.dispose()
    this.#closed = []
    this.#open = undefined
  }
}
