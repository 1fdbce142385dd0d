import { signal } from '@preact/signals'
import { NamedError } from '../remote/named-error.ts'
import { type Connection, connect, type Remote } from '../remote/remote.ts'
import type { Classroom } from '../worker/classroom.ts'
import type { News } from '../worker/news.ts'
import type { ReadingRoom } from '../worker/reading-room.ts'
import type { Machine, Storeroom } from '../worker/storeroom.ts'
import { explain } from './explain.ts'
import { say } from './language.ts'
import { notify } from './notices.ts'

/** What the worker can do, as the page sees it. */
type Api = Pick<Classroom, keyof Classroom> & Pick<ReadingRoom, keyof ReadingRoom> & Pick<Storeroom, keyof Storeroom>

/** What this browser offers; undefined until the worker has said it. */
export const machine = signal<Machine | undefined>(undefined)

/** A file that is being loaded. */
export const loading = signal<{ readonly file: string; readonly share?: number } | undefined>(undefined)

const listeners = new Set<(news: News) => void>()
let connection: Connection<Api> | undefined

/** Calls `listener` with all news from now on. */
export function onNews(listener: (news: News) => void): void {
  listeners.add(listener)
}

/** The worker; started when it is first needed, so that a page can be read before anything is loaded. */
export function classroom(): Remote<Api> {
  connection ??= connect<Api, News>(
    new Worker(new URL('../worker/lesson-worker.ts', import.meta.url), { type: 'module' }),
    {
      onNews: hear,
      onDeath: bury,
      onEnd: () => {
        connection = undefined
      },
    },
  )
  return connection.remote
}

/** Asks anew what this browser offers. */
export async function refreshMachine(): Promise<void> {
  await attempt(async () => {
    machine.value = await classroom().machine()
  })
}

/** Does something that may fail; what went wrong becomes a sentence on the page. True when it went well. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    notify(explain(error))
    return false
  }
}

function hear(news: News): void {
  if (news.kind === 'loading') {
    const { file, loaded, total } = news
    loading.value =
      total !== undefined && loaded >= total ? undefined : { file, ...(total ? { share: loaded / total } : {}) }
  } else if (news.kind === 'warning') {
    notify({ text: say.value.trouble[news.about], detail: news.failure.message })
  } else loading.value = undefined
  for (const listener of listeners) listener(news)
}

function bury(error: Error): void {
  connection?.close()
  connection = undefined
  notify(error instanceof NamedError ? explain(error) : { text: say.value.trouble.workerDied, detail: error.message })
}
