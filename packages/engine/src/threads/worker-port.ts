import type { FailedAnswer } from './failed-answer.ts'

/** A running worker, whatever the platform calls it. */
export interface WorkerPort<Request, Answer> {
  post(request: Request): void
  onAnswer(listener: (answer: Answer | FailedAnswer) => void): void
  /** Called once if the worker dies by itself. */
  onDeath(listener: (reason: string) => void): void
  terminate(): Promise<void>
}

/** Starts workers of one kind, and says what they may count on. */
export interface WorkerPlatform<Request, Answer> {
  spawn(): WorkerPort<Request, Answer>
  /** Cores that this process may use. */
  cores(): number
  /** True where threads can share memory: always in Node, in pages with cross-origin isolation. */
  sharesMemory(): boolean
}

/** What a page says of its machine. */
export const pageThreads = {
  cores: (): number => navigator.hardwareConcurrency || 1,
  sharesMemory: (): boolean => typeof SharedArrayBuffer !== 'undefined' && globalThis.crossOriginIsolated === true,
}

/**
 * Workers that have something to answer. Whoever waits for a worker is known to nobody but the worker, so a browser may find both
 * unreachable: Firefox then collects the worker in the middle of its work, and no answer and no error ever comes.
 */
const atWork = new Set<Worker>()

/** A module worker of a page. Its maker names the script, in the form that bundlers look for. */
export function pagePort<Request, Answer>(worker: Worker): WorkerPort<Request, Answer> {
  let asked = 0
  worker.addEventListener('message', () => {
    if (--asked === 0) atWork.delete(worker)
  })
  return {
    post: (request) => {
      if (asked++ === 0) atWork.add(worker)
      worker.postMessage(request)
    },
    onAnswer: (listener) =>
      worker.addEventListener('message', (event: MessageEvent<Answer | FailedAnswer>) => listener(event.data)),
    onDeath: (listener) =>
      worker.addEventListener('error', (event) => listener(event.message || 'the worker script could not be loaded')),
    terminate: () => {
      atWork.delete(worker)
      worker.terminate()
      return Promise.resolve()
    },
  }
}
