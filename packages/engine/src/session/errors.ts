import { GichoError, messageOf } from '@gicho/core'

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

/** What a read of a backend's values ends with: a GPU that was lost throws the platform's own exception, and nothing else does. */
export function asDeviceError(error: unknown, backend: string): unknown {
  if (!(error instanceof DOMException)) return error
  return new GichoError(
    'engine-failed',
    `backend ${backend}: the device was lost (${messageOf(error)}). Go on from the last checkpoint with another backend.`,
    { cause: error },
  )
}
