import type { Platform } from '../src/wasm/platform.ts'
import type { WorkerAnswer, WorkerRequest } from '../src/wasm/worker.ts'
import { type WatchedWorkers, watchedWorkers } from './watched-workers.ts'

/** A platform of real workers that a test can look into and end. */
export interface WatchedPlatform extends WatchedWorkers<WorkerRequest, WorkerAnswer> {
  readonly platform: Platform
  /** Bytes of the shared memory, when it has been handed out. */
  memoryBytes(): number
}

export function watchedPlatform(script = '../dist/wasm-worker.node.js', shared = true): WatchedPlatform {
  const watched = watchedWorkers<WorkerRequest, WorkerAnswer>(script, { shared })
  return {
    ...watched,
    platform: { ...watched.platform, prepare() {} },
    memoryBytes() {
      const start = watched.requests.find((request) => request.type === 'start')
      const memory = start?.type === 'start' ? start.memory : undefined
      return memory instanceof WebAssembly.Memory ? memory.buffer.byteLength : 0
    },
  }
}
