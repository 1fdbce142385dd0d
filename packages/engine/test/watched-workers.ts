import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { nodePort } from '../src/threads/worker-port.node.ts'
import type { WorkerPlatform } from '../src/threads/worker-port.ts'

/** Real workers that a test can look into and end. */
export interface WatchedWorkers<Request, Answer> {
  readonly platform: WorkerPlatform<Request, Answer>
  readonly workers: readonly Worker[]
  /** Everything that the workers were asked. */
  readonly requests: readonly Request[]
  /** Resolves when every worker has answered for the first time. */
  allStarted(): Promise<unknown>
  /** Resolves when every worker has ended. */
  allEnded(): Promise<unknown>
}

/** Workers of a script, on a machine of so many cores. */
export function watchedWorkers<Request, Answer>(
  script: string,
  { shared = true, cores = 2 }: { readonly shared?: boolean; readonly cores?: number } = {},
): WatchedWorkers<Request, Answer> {
  const workers: Worker[] = []
  const requests: Request[] = []
  const starts: Promise<unknown>[] = []
  const ends: Promise<unknown>[] = []
  return {
    platform: {
      spawn() {
        const worker = new Worker(new URL(script, import.meta.url))
        workers.push(worker)
        starts.push(once(worker, 'message').catch(() => undefined))
        ends.push(once(worker, 'exit').catch(() => undefined))
        const port = nodePort<Request, Answer>(worker)
        return {
          ...port,
          post(request) {
            requests.push(request)
            port.post(request)
          },
        }
      },
      cores: () => cores,
      sharesMemory: () => shared,
    },
    workers,
    requests,
    async allStarted() {
      await Promise.all(starts)
      // Whoever hears of it in a promise has heard of it after the next turn of the event loop.
      await new Promise((resolve) => setTimeout(resolve, 0))
    },
    allEnded: () => Promise.all(ends),
  }
}
