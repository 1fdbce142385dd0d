import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import type { FailedAnswer } from './failed-answer.ts'
import type { WorkerPort } from './worker-port.ts'

/** Cores that the container's quota allows, if it sets one (cgroup v2). */
function quotaCores(): number {
  try {
    const [quota, period] = readFileSync('/sys/fs/cgroup/cpu.max', 'utf8').trim().split(' ').map(Number)
    return quota && period ? Math.max(1, Math.floor(quota / period)) : Number.POSITIVE_INFINITY
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** What Node says of its machine. */
export const nodeThreads = {
  cores: (): number => Math.min(availableParallelism(), quotaCores()),
  sharesMemory: (): boolean => true,
}

/** A worker thread of Node, which keeps the process alive only while it has something to answer. */
export function nodePort<Request, Answer>(worker: Worker): WorkerPort<Request, Answer> {
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
    onAnswer: (listener) => worker.on('message', (answer: Answer | FailedAnswer) => listener(answer)),
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
}
