import process from 'node:process'

/** Ctrl-C, a polite kill and a terminal that is closed, turned into an AbortSignal. */
export interface Interrupt {
  readonly signal: AbortSignal
  /** Gives the signals back to Node. */
  dispose(): void
}

/** The exit code of an interrupted command. */
export const INTERRUPTED = 130

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** After a second signal, output that nobody takes is waited for no longer. */
const LAST_WORDS_MS = 200

/**
 * The first SIGINT, SIGTERM or SIGHUP aborts the signal after calling `onFirst`; the second ends the process.
 *
 * @param onSecond what is said before; the process waits a moment for it
 */
export function watchInterrupt(onFirst: () => void, onSecond: () => Promise<unknown>): Interrupt {
  const controller = new AbortController()
  const exit = (): never => process.exit(INTERRUPTED)
  const listener = (): void => {
    if (controller.signal.aborted) {
      setTimeout(exit, LAST_WORDS_MS)
      void onSecond().then(exit, exit)
      return
    }
    controller.abort()
    onFirst()
  }
  for (const signal of SIGNALS) process.on(signal, listener)
  return {
    signal: controller.signal,
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, listener)
    },
  }
}
