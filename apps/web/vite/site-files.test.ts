import type { Plugin } from 'vite'
import { expect, test } from 'vitest'
import { versionedFiles } from './site-files.ts'

/** The folder that the code is told of. */
async function folderOf(files: Readonly<Record<string, string>>, command: 'build' | 'serve'): Promise<unknown> {
  const made = Object.entries(files).map(([name, text]) => [name, async () => new TextEncoder().encode(text)] as const)
  const { config }: Plugin = versionedFiles('data/x', '__X__', new Map(made))
  const change = typeof config === 'function' ? await config.call({} as never, {}, { command, mode: '' }) : undefined
  return change?.define?.__X__
}

test('a folder of data has another name as soon as any file in it has another content', async () => {
  const folder = await folderOf({ a: '1', b: '2' }, 'build')
  expect(folder).toMatch(/^"data\/x-[0-9a-f]{16}"$/)
  expect(await folderOf({ a: '1', b: '2' }, 'build')).toBe(folder)
  expect(await folderOf({ a: '1', b: '3' }, 'build')).not.toBe(folder)
  expect(await folderOf({ a: '1', c: '2' }, 'build')).not.toBe(folder)
  expect(await folderOf({ a: '1', b: '2' }, 'serve')).toBe('"data/x"')
})
