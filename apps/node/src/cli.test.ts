import { expect, test } from 'vitest'
import { FakeScreen } from '../test/fake-screen.ts'
import { runCli } from './cli.ts'

test('a failure that nobody foresaw ends with 1, its message and where it happened', async () => {
  const broken = new FakeScreen()
  broken.write = () => {
    throw new TypeError('the screen is gone')
  }
  const stderr = new FakeScreen()
  const code = await runCli(['list'], {
    stdout: broken,
    stderr,
    env: {},
    event: () => undefined,
    drained: async () => undefined,
  })
  expect(code).toBe(1)
  expect(stderr.text).toContain('gicho: unexpected failure: the screen is gone')
  expect(stderr.text).toContain('screen')
})
