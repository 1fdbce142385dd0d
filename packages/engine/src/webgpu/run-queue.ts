import type { Turns } from '../session/turns.ts'
import type { Pace } from './pace.ts'

/** Submits that may be under way: the device works on one while the host prepares the next. */
const UNDER_WAY = 2

interface Waiting {
  readonly sums: Promise<Float32Array>
  readonly steps: number
  readonly rows: number
}

/** Runs on their way through the device, which end in their order. */
export class RunQueue {
  readonly #turns: Turns
  readonly #pace: Pace
  readonly #onDone: (sums: Float32Array, steps: number, rows: number) => void
  readonly #waiting: Waiting[] = []

  /** @param turns of the session: once it ends, what waits throws `disposed` */
  constructor(turns: Turns, pace: Pace, onDone: (sums: Float32Array, steps: number, rows: number) => void) {
    this.#turns = turns
    this.#pace = pace
    this.#onDone = onDone
  }

  /** Sends a run; here the host waits, until fewer than two are under way. */
  async add(send: () => Promise<Float32Array>, steps: number, rows: number): Promise<void> {
    const sums = send()
    // It is looked at in its turn.
    sums.catch(() => undefined)
    this.#waiting.push({ sums, steps, rows })
    while (this.#waiting.length >= UNDER_WAY) await this.#next()
  }

  /** Waits for all that are under way. */
  async empty(): Promise<void> {
    while (this.#waiting.length > 0) await this.#next()
  }

  async #next(): Promise<void> {
    const run = this.#waiting.shift()
    if (!run) return
    const sums = await run.sums
    this.#turns.check()
    this.#pace.note(run.steps)
    this.#onDone(sums, run.steps, run.rows)
  }
}
