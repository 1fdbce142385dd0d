import process from 'node:process'

/** Ctrl-C and a polite kill, turned into an AbortSignal. */
export interface Interrupt {
  readonly signal: AbortSignal
  /** Gives the signals back to Node. */
  dispose(): void
}

/** The exit code of an interrupted command. */
export const INTERRUPTED = 130

/** The first SIGINT or SIGTERM aborts the signal after calling `onFirst`; the second ends the process at once. */
export function watchInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController()
  const listener = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED)
    controller.abort()
    onFirst()
  }
  process.on('SIGINT', listener)
  process.on('SIGTERM', listener)
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', listener)
      process.off('SIGTERM', listener)
    },
  }
}
