import { GichoError } from '@gicho/core'

/** @throws GichoError `aborted` when the signal has fired */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new GichoError('aborted', 'The load was stopped by its AbortSignal.', { cause: signal.reason })
  }
}
