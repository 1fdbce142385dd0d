import { pagePort, pageThreads, type WorkerPlatform } from '../threads/worker-port.ts'
import type { WorkerAnswer, WorkerRequest } from './worker.ts'

/** What differs between a browser and Node. */
export interface Platform extends WorkerPlatform<WorkerRequest, WorkerAnswer> {
  /** Lets the runtime try relaxed SIMD where it hides it behind a flag. */
  prepare(): void
}

/** Browsers: module workers; threads where the page is cross-origin isolated. */
export const browserPlatform: Platform = {
  ...pageThreads,
  spawn: () => pagePort(new Worker(new URL('./wasm-worker.js', import.meta.url), { type: 'module' })),
  prepare() {},
}
