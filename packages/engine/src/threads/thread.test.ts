import { GichoError } from '@gicho/core'
import { expect, test } from 'vitest'
import type { FailedAnswer } from './failed-answer.ts'
import { withFailures } from './failed-answer.ts'
import { Thread } from './thread.ts'
import type { WorkerPort } from './worker-port.ts'

interface Echo {
  readonly type: 'echo'
  readonly text: string
}

/** A worker on this very thread, which echoes; `kill` lets it die. */
function echoPort(): { port: WorkerPort<string, Echo>; kill: (reason: string) => void } {
  const answer = withFailures((text: string): Echo => {
    if (text.startsWith('!')) throw new Error(text.slice(1))
    return { type: 'echo', text }
  })
  let listen: (answer: Echo | FailedAnswer) => void = () => undefined
  let kill: (reason: string) => void = () => undefined
  const port: WorkerPort<string, Echo> = {
    post: (text) => setTimeout(() => listen(answer(text)), 0),
    onAnswer: (listener) => {
      listen = listener
    },
    onDeath: (listener) => {
      kill = listener
    },
    terminate: async () => undefined,
  }
  return { port, kill: (reason) => kill(reason) }
}

test('answers go to their requests in order, and a failure is its request’s alone', async () => {
  const thread = new Thread('pencil', echoPort().port)
  const answers = await Promise.allSettled(['a', '!a number too many', '!out of memory', 'b'].map((t) => thread.ask(t)))
  expect(answers).toMatchObject([
    { value: { text: 'a' } },
    { reason: { code: 'engine-failed', message: 'engine pencil: a worker failed: a number too many.' } },
    { reason: { code: 'out-of-memory', message: 'engine pencil: a worker failed: out of memory.' } },
    { value: { text: 'b' } },
  ])
})

test('a death rejects what was asked and what will be; so does an end', async () => {
  const { port, kill } = echoPort()
  const thread = new Thread('pencil', port)
  const asked = expect(thread.ask('a')).rejects.toThrow('engine pencil: a worker died: lost. Open a new session')
  kill('lost')
  await asked
  await expect(thread.ask('b')).rejects.toMatchObject({ code: 'engine-failed' })

  const other = new Thread('pencil', echoPort().port)
  const waiting = expect(other.ask('a')).rejects.toMatchObject({ code: 'disposed' })
  await other.end(new GichoError('disposed', 'over.'))
  await waiting
})
