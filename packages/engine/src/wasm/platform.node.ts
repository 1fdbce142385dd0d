import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { Platform } from './platform.ts'
import type { WorkerAnswer } from './worker.ts'

/** Cores that the container's quota allows, if it sets one (cgroup v2). */
function quotaCores(): number {
  try {
    const [quota, period] = readFileSync('/sys/fs/cgroup/cpu.max', 'utf8').trim().split(' ').map(Number)
    return quota && period ? Math.max(1, Math.floor(quota / period)) : Number.POSITIVE_INFINITY
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** Node: worker threads, which keep the process alive only while they have something to answer. */
export const nodePlatform: Platform = {
  spawn() {
    const worker = new Worker(new URL('./wasm-worker.node.js', import.meta.url))
    let ended = false
    let asked = 0
    worker.unref()
    worker.on('message', () => {
      if (--asked === 0) worker.unref()
    })
    return {
      post: (request) => {
        if (asked++ === 0) worker.ref()
        worker.postMessage(request)
      },
      onAnswer: (listener) => worker.on('message', (answer: WorkerAnswer) => listener(answer)),
      onDeath: (listener) => {
        worker.on('error', (error) => listener(error instanceof Error ? error.message : String(error)))
        worker.on('exit', (code) => {
          if (!ended) listener(`the worker ended with code ${code}`)
        })
      },
      terminate: async () => {
        ended = true
        await worker.terminate()
      },
    }
  },
  cores: () => Math.min(availableParallelism(), quotaCores()),
  sharesMemory: () => true,
  prepare() {
    // Node 20 has relaxed SIMD behind a flag of V8.
    setFlagsFromString('--experimental-wasm-relaxed-simd')
  },
}
