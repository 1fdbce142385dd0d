import { RandomState } from '@gicho/core'

/** The order in which rows are seen: pass after pass, each in a new permutation (numpy's), cut into batches. */
export class RowOrder {
  readonly #random: RandomState
  readonly #rows: number
  readonly #batchSize: number
  readonly #shuffle: boolean
  #pass: Uint32Array = new Uint32Array(0)
  #at = 0

  constructor(seed: number, rows: number, batchSize: number, shuffle: boolean) {
    this.#random = new RandomState(seed)
    this.#rows = rows
    this.#batchSize = batchSize
    this.#shuffle = shuffle
  }

  /** The next rows: `steps` batches, or fewer where the pass ends before; its last batch may be short. */
  take(steps: number): Uint32Array {
    if (this.#at === this.#pass.length) {
      this.#pass = this.#shuffle
        ? this.#random.permutation(this.#rows)
        : Uint32Array.from({ length: this.#rows }, (_, row) => row)
      this.#at = 0
    }
    const rows = this.#pass.subarray(this.#at, this.#at + steps * this.#batchSize)
    this.#at += rows.length
    return rows
  }
}
