import { GichoError } from '@gicho/core'
import type { CallMessage, Failure, WorkerMessage } from './messages.ts'
import { NamedError } from './named-error.ts'

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
  onDeath(error: Error): void
  /** The worker was ended, since it can't load its code any more: another one may. */
  onEnd(): void
}

/** A worker that answers calls. */
export interface Connection<Api> {
  readonly remote: Remote<Api>
  /** Ends the worker; open calls fail. */
  close(): void
}

/** The page's end of a worker that `serve` answers in. */
export function connect<Api, News>(worker: Worker, { onNews, onDeath, onEnd }: RemoteEvents<News>): Connection<Api> {
  const open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let calls = 0
  const fail = (error: Error): void => {
    for (const { reject } of open.values()) reject(error)
    open.clear()
  }
  worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
    // Both ends are built from the same types.
    if ('news' in data) return onNews(data.news as News)
    const call = open.get(data.call)
    open.delete(data.call)
    if (!('failure' in data)) return call?.resolve(data.value)
    call?.reject(errorOf(data.failure))
    if (!data.failure.lacksCode || open.size > 0) return // a training may be under way
    worker.terminate()
    onEnd()
  })
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    const error = event.message ? new GichoError('engine-failed', event.message) : notLoaded()
    fail(error)
    onDeath(error)
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
      fail(new GichoError('engine-failed', 'The worker was ended.'))
    },
  }
}

function notLoaded(): Error {
  const message = 'The worker could not be loaded.'
  return navigator.onLine ? new GichoError('engine-failed', message) : new NamedError('offline', 'io', message)
}

function errorOf({ message, code, sentence }: Failure): Error {
  if (code === undefined) return new Error(message)
  return sentence === undefined ? new GichoError(code, message) : new NamedError(sentence, code, message)
}
