import { type Augmenter, DRAW_NUMBERS, type ImageShape, RandomState, type RandomStateSnapshot } from '@gicho/core'

/** What decides an order. */
export interface RowOrderOptions {
  readonly seed: number
  readonly rows: number
  readonly batchSize: number
  readonly shuffle: boolean
  /** Draws a transformation for each row, where images are augmented. */
  readonly augment?: Augmenter | undefined
  readonly shape: ImageShape
}

/** Rows that follow one another within a pass, with a draw for each where images are augmented. */
export interface Stretch {
  readonly rows: Uint32Array
  readonly draws?: Float64Array
}

/**
 * The order in which rows are seen: pass after pass, each in a new permutation (numpy's), and behind it a draw for each of its
 * rows. These are the numbers, in the order, that Keras takes for `fit` and for an ImageDataGenerator's `flow`.
 */
export class RowOrder {
  readonly #options: RowOrderOptions
  readonly #random: RandomState
  #before: RandomStateSnapshot
  #rows: Uint32Array = new Uint32Array(0)
  #draws: Float64Array | undefined
  #at = 0

  constructor(options: RowOrderOptions) {
    this.#options = options
    this.#random = new RandomState(options.seed)
    this.#before = this.#random.snapshot()
  }

  /** The next rows: `steps` batches, or fewer where the pass ends before; its last batch may be short. Stays where it is. */
  next(steps: number): Stretch {
    if (this.#at === this.#rows.length) this.#startPass()
    const end = Math.min(this.#rows.length, this.#at + steps * this.#options.batchSize)
    const rows = this.#rows.subarray(this.#at, end)
    const draws = this.#draws?.subarray(this.#at * DRAW_NUMBERS, end * DRAW_NUMBERS)
    return draws ? { rows, draws } : { rows }
  }

  /** Moves on over so many rows of the pass. */
  advance(rows: number): void {
    this.#at += rows
  }

  /** Where the order stands. */
  snapshot(): { readonly random: RandomStateSnapshot; readonly rowsOfPass: number } {
    return { random: this.#before, rowsOfPass: this.#at }
  }

  /** Goes on from a snapshot of an order with the same options. @throws GichoError `bad-data` when it isn't one */
  restore({ random, rowsOfPass }: ReturnType<RowOrder['snapshot']>): void {
    this.#random.restore(random)
    this.#startPass()
    this.#at = rowsOfPass
  }

  #startPass(): void {
    const { rows, shuffle, augment, shape } = this.#options
    this.#before = this.#random.snapshot()
    this.#rows = shuffle ? this.#random.permutation(rows) : Uint32Array.from({ length: rows }, (_, row) => row)
    this.#draws = augment?.drawTable(this.#random, rows, shape)
    this.#at = 0
  }
}
