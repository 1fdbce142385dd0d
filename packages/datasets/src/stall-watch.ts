import { GichoError } from '@gicho/core'
import { throwIfAborted } from './abort.ts'

/** Ends a request when its caller aborts, or when nothing has come for too long; says which of it, and why, as an error. */
export class StallWatch {
  readonly #controller: AbortController = new AbortController()
  readonly #caller: AbortSignal | undefined
  readonly #timeoutMs: number
  readonly #passOn = (): void => this.#controller.abort()
  #timer: ReturnType<typeof setTimeout> | undefined
  #stalled = false

  constructor(caller: AbortSignal | undefined, timeoutMs: number) {
    this.#caller = caller
    this.#timeoutMs = timeoutMs
    caller?.addEventListener('abort', this.#passOn, { once: true })
    if (caller?.aborted) this.#passOn()
    this.alive()
  }

  /** To be given to `fetch`. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Something came: the time starts anew. */
  alive(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#stalled = true
      this.#controller.abort()
    }, this.#timeoutMs)
  }

  /** Ends the watch, and the request where it still runs. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#caller?.removeEventListener('abort', this.#passOn)
    this.#controller.abort()
  }

  /** @throws GichoError `aborted` or `io`: what made the request fail */
  explain(url: string, cause: unknown): never {
    throwIfAborted(this.#caller)
    const reason = this.#stalled ? `nothing came for ${this.#timeoutMs / 1000} s` : reasonOf(cause)
    throw new GichoError('io', `${url}: expected the file, got no whole answer (${reason}).`, { cause })
  }
}

/** Node says only "fetch failed"; what failed stands in the causes behind it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return reasonOf(error.cause)
  if (error.message) return error.message
  return 'code' in error ? String(error.code) : error.name
}
