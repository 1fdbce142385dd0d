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

/** A module worker of a page. Its maker names the script, in the form that bundlers look for. */
export function pagePort<Request, Answer>(worker: Worker): WorkerPort<Request, Answer> {
  return {
    post: (request) => worker.postMessage(request),
    onAnswer: (listener) =>
      worker.addEventListener('message', (event: MessageEvent<Answer | FailedAnswer>) => listener(event.data)),
    onDeath: (listener) =>
      worker.addEventListener('error', (event) => listener(event.message || 'the worker script could not be loaded')),
    terminate: () => {
      worker.terminate()
      return Promise.resolve()
    },
  }
}
