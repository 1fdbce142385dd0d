import type { WorkerAnswer, WorkerRequest } from './worker.ts'

/** A running worker, whatever the platform calls it. */
export interface WorkerPort {
  post(request: WorkerRequest): void
  onAnswer(listener: (answer: WorkerAnswer) => void): void
  /** Called once if the worker dies by itself. */
  onDeath(listener: (reason: string) => void): void
  terminate(): Promise<void>
}

/** What differs between a browser and Node. */
export interface Platform {
  spawn(): WorkerPort
  /** Cores that this process may use. */
  cores(): number
  /** True where threads can share memory: always in Node, in pages with cross-origin isolation. */
  sharesMemory(): boolean
  /** Lets the runtime try relaxed SIMD where it hides it behind a flag. */
  prepare(): void
}

/** Browsers: module workers; threads where the page is cross-origin isolated. */
export const browserPlatform: Platform = {
  spawn() {
    const worker = new Worker(new URL('./wasm-worker.js', import.meta.url), { type: 'module' })
    return {
      post: (request) => worker.postMessage(request),
      onAnswer: (listener) =>
        worker.addEventListener('message', (event: MessageEvent<WorkerAnswer>) => listener(event.data)),
      onDeath: (listener) =>
        worker.addEventListener('error', (event) => listener(event.message || 'the worker script could not be loaded')),
      terminate: () => {
        worker.terminate()
        return Promise.resolve()
      },
    }
  },
  cores: () => navigator.hardwareConcurrency || 1,
  sharesMemory: () => typeof SharedArrayBuffer !== 'undefined' && globalThis.crossOriginIsolated === true,
  prepare() {},
}
