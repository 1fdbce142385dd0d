import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Platform } from '../src/wasm/platform.ts'
import type { WorkerAnswer, WorkerRequest } from '../src/wasm/worker.ts'

/** A platform of real workers that a test can look into and end. */
export interface WatchedPlatform {
  readonly platform: Platform
  readonly workers: readonly Worker[]
  /** Everything that the workers were asked. */
  readonly requests: readonly WorkerRequest[]
  /** Bytes of the shared memory, when it has been handed out. */
  memoryBytes(): number
  /** Resolves when every worker has ended. */
  allEnded(): Promise<unknown>
}

export function watchedPlatform(script = '../dist/wasm-worker.node.js', shared = true): WatchedPlatform {
  const workers: Worker[] = []
  const requests: WorkerRequest[] = []
  const ends: Promise<unknown>[] = []
  const platform: Platform = {
    spawn() {
      const worker = new Worker(new URL(script, import.meta.url))
      workers.push(worker)
      ends.push(once(worker, 'exit').catch(() => undefined))
      let ended = false
      return {
        post(request) {
          requests.push(request)
          worker.postMessage(request)
        },
        onAnswer: (listener) => worker.on('message', (answer: WorkerAnswer) => listener(answer)),
        onDeath: (listener) => {
          worker.on('error', (error) => listener(error instanceof Error ? error.message : String(error)))
          worker.on('exit', (code) => {
            if (!ended) listener(`the worker ended with code ${code}`)
          })
        },
        async terminate() {
          ended = true
          await worker.terminate()
        },
      }
    },
    cores: () => 2,
    sharesMemory: () => shared,
    prepare() {},
  }
  return {
    platform,
    workers,
    requests,
    memoryBytes() {
      const start = requests.find((request) => request.type === 'start')
      const memory = start?.type === 'start' ? start.memory : undefined
      return memory instanceof WebAssembly.Memory ? memory.buffer.byteLength : 0
    },
    allEnded: () => Promise.all(ends),
  }
}
