import { isGichoError, messageOf } from '@gicho/core'
import type { CallMessage, Failure, WorkerMessage } from './messages.ts'
import { NamedError } from './named-error.ts'

/**
 * Answers the page's calls; each has one answer, and an error becomes one too.
 *
 * @param start gets what sends news to the page, and gives what does a call: the method's name and its values, which could
 *   be cloned
 */
export function serve<News>(
  start: (tell: (news: News) => void) => (method: string, values: readonly unknown[]) => unknown,
): void {
  const send = (message: WorkerMessage): void => self.postMessage(message)
  const work = start((news) => send({ news }))
  self.addEventListener('message', async ({ data }: MessageEvent<CallMessage>) => {
    const { call, method, values } = data
    try {
      send({ call, value: await work(method, values) })
    } catch (error) {
      send({ call, failure: failureOf(error) })
    }
  })
}

/** What Chrome, Firefox and Safari say of an `import()` that came to nothing. */
const IMPORT_FAILED = /dynamically imported module|importing a module script failed/i

/** An error as data. */
export function failureOf(error: unknown): Failure {
  const message = messageOf(error)
  if (error instanceof NamedError) return { message, code: error.code, sentence: error.sentence }
  if (isGichoError(error)) return { message, code: error.code }
  const lacksCode = IMPORT_FAILED.test(message)
  return { message, lacksCode, ...(lacksCode && !navigator.onLine ? { code: 'io', sentence: 'offline' } : {}) }
}
