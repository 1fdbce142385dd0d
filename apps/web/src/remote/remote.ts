import { GichoError } from '@gicho/core'
import type { CallMessage, WorkerMessage } from './messages.ts'

/** The worker's methods as the page sees them. */
export type Remote<Api> = {
  readonly [Name in keyof Api]: Api[Name] extends (...values: infer Values) => infer Result
    ? (...values: Values) => Promise<Awaited<Result>>
    : never
}

/** What the page is told of a worker. */
export interface RemoteEvents<News> {
  onNews(news: News): void
  /** The worker died by itself; every open call has failed. */
  onDeath(reason: string): void
}

/** A worker that answers calls. */
export interface Connection<Api> {
  readonly remote: Remote<Api>
  /** Ends the worker; open calls fail. */
  close(): void
}

/** The page's end of a worker that `serve` answers in. */
export function connect<Api, News>(worker: Worker, { onNews, onDeath }: RemoteEvents<News>): Connection<Api> {
  const open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let calls = 0
  const fail = (reason: string): void => {
    for (const { reject } of open.values()) reject(new GichoError('engine-failed', reason))
    open.clear()
  }
  worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
    // Both ends are built from the same types.
    if ('news' in data) return onNews(data.news as News)
    const call = open.get(data.call)
    open.delete(data.call)
    if ('failure' in data) call?.reject(errorOf(data.failure))
    else call?.resolve(data.value)
  })
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    const reason = event.message || 'The worker could not be loaded.'
    fail(reason)
    onDeath(reason)
  })
  const call = (method: string, values: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const message: CallMessage = { call: ++calls, method, values }
      open.set(message.call, { resolve, reject })
      worker.postMessage(message)
    })
  const remote = new Proxy(
    {},
    {
      get:
        (_, method) =>
        (...values: unknown[]) =>
          call(String(method), values),
    },
  )
  return {
    remote: remote as Remote<Api>, // every property is a call, and the worker says which there are
    close: () => {
      worker.terminate()
      fail('The worker was ended.')
    },
  }
}

function errorOf({ message, code }: { readonly message: string; readonly code?: GichoError['code'] }): Error {
  return code === undefined ? new Error(message) : new GichoError(code, message)
}
