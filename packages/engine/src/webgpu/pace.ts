/** A submit should take about so long: a few reports a second, with two submits under way. */
const RUN_MS = 100

/** Chooses how many steps go into one submit, by how long the last ones took. */
export class Pace {
  /** Steps of the next submit. */
  steps = 1
  readonly #most: number
  #ended = performance.now()

  constructor(most: number) {
    this.#most = most
  }

  /** Told when a submit of so many steps is done. */
  note(steps: number): void {
    const now = performance.now()
    const ms = Math.max(now - this.#ended, 0.01)
    this.#ended = now
    this.steps = Math.max(1, Math.min(this.#most, steps * 4, Math.floor((RUN_MS * steps) / ms)))
  }
}
