import { GichoError } from '@gicho/core'

/** The one place of a session's calls: one at a time, and none after the end. */
export class Turns {
  #busy: Promise<unknown> | undefined
  #ended: Promise<void> | undefined

  /** Runs a call. @throws GichoError `bad-argument` while another one runs, `disposed` after the end */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.check()
    if (this.#busy) {
      throw new GichoError('bad-argument', `session: ${name} was called while another call runs. Await that one first.`)
    }
    const running = work()
    this.#busy = running
    try {
      return await running
    } finally {
      this.#busy = undefined
    }
  }

  /** @throws GichoError `disposed` once `end` was called, which is an error for whatever is under way too */
  check(): void {
    if (this.#ended) throw disposedError()
  }

  /** Lets no call in any more, and frees what the session holds; a second time gives the first one's promise. */
  end(free: (running: Promise<unknown>) => Promise<void>): Promise<void> {
    this.#ended ??= free(Promise.resolve(this.#busy).catch(() => undefined))
    return this.#ended
  }
}

/** What every call says once a session was disposed. */
export function disposedError(): GichoError {
  return new GichoError('disposed', 'session: it was disposed. Open a new one with engine.open().')
}
