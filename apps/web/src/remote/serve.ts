import { isGichoError, messageOf } from '@gicho/core'
import type { CallMessage, Failure, WorkerMessage } from './messages.ts'

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

/** An error as data. */
export function failureOf(error: unknown): Failure {
  const message = messageOf(error)
  return isGichoError(error) ? { message, code: error.code } : { message }
}
