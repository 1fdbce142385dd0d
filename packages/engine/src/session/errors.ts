import { GichoError } from '@gicho/core'

/** `evaluate('test')` of a session that has no such data. */
export function noValidation(): GichoError {
  return new GichoError('bad-argument', "evaluate: the session was opened without validation data. Use 'train'.")
}

/** What a signal leaves of a call that has no half result. */
export function stoppedBySignal(done: number, count: number, what: string): GichoError {
  return new GichoError(
    'aborted',
    `stopped by its signal after ${done} of ${count} ${what}. Call it again to repeat it.`,
  )
}
