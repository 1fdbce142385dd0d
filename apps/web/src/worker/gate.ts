/** Lets a training through, holds it, or lets single steps through. */
export class Gate {
  #open = true
  /** Steps that may pass while the gate is closed. */
  #steps = 0
  #closing = new AbortController()
  #change: PromiseWithResolvers<void> = Promise.withResolvers()

  get isOpen(): boolean {
    return this.#open
  }

  /** Aborted when the gate is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  open(): void {
    this.#open = true
    this.#closing = new AbortController()
    this.#changed()
  }

  close(): void {
    this.#open = false
    this.#steps = 0
    this.#closing.abort()
  }

  /** Lets one more step through a closed gate. */
  step(): void {
    this.#steps += 1
    this.#changed()
  }

  /**
   * Waits until there is something to do.
   *
   * @returns how many steps may be done now; 0 when the signal ended the waiting
   */
  async pass(signal: AbortSignal | undefined): Promise<number> {
    while (!this.#open && this.#steps === 0) {
      if (signal?.aborted) return 0
      await Promise.race([this.#change.promise, aborted(signal)])
    }
    if (this.#open) return Number.POSITIVE_INFINITY
    this.#steps -= 1
    return 1
  }

  #changed(): void {
    const { resolve } = this.#change
    this.#change = Promise.withResolvers()
    resolve()
  }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
}
