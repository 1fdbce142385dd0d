/** What kind of thing went wrong, for programs that want to react to it; the message is for people. */
export type ErrorCode =
  | 'bad-argument' // a call got a value outside what it takes
  | 'bad-shape' // sizes that don't fit together
  | 'bad-data' // a file or array whose content is wrong
  | 'bad-hash' // a file that is not the published one
  | 'not-found' // a file, dataset, model or run that isn't there
  | 'unavailable' // an engine, backend or device that this machine doesn't have
  | 'unsupported' // a layer or option that an engine can't run
  | 'not-finite' // a loss that became NaN or infinite
  | 'io' // the file system or the network refused
  | 'aborted' // stopped by an AbortSignal
  | 'disposed' // used after dispose()
  | 'out-of-memory' // an allocation that the machine refused
  | 'engine-failed' // a worker or device died under way

/**
 * The one error class of gicho. The message says what came, what was expected and what to do, in one sentence each.
 *
 * @example
 * try { await loadMnist({ folder: '/data' }) } catch (error) { if (isGichoError(error, 'bad-hash')) … }
 */
export class GichoError extends Error {
  override readonly name: string = 'GichoError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** True when `error` is a {@link GichoError}, of the given code where one is named; works across copies of this package. */
export function isGichoError(error: unknown, code?: ErrorCode): error is GichoError {
  if (!(error instanceof Error) || error.name !== 'GichoError' || !('code' in error)) return false
  return code === undefined || error.code === code
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
