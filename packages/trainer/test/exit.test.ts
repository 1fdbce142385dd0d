import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('the default engine leaves no thread behind: the process ends by itself', async () => {
  const script = fileURLToPath(new URL('./fit-and-exit.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--experimental-strip-types', '--no-warnings', script],
    { timeout: 25_000 },
  )
  expect(stdout.trim().split('\n')).toEqual(['wasm', 'end'])
})
