import { execFileSync } from 'node:child_process'
import { link, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { folderCache } from './folder-cache.node.ts'

let room: string
let cache: ReturnType<typeof folderCache>
const part = (): string => join(room, 'cache', 'a.gz.part')
const BYTES = new Uint8Array(100).fill(7)

beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'gicho-cache-'))
  await mkdir(join(room, 'cache'))
  cache = folderCache(join(room, 'cache'))
  await writeFile(join(room, 'precious'), 'precious')
})
afterEach(() => rm(room, { recursive: true, force: true }))
const precious = (): Promise<string> => readFile(join(room, 'precious'), 'utf8')

test('a part that somebody made a link of is neither written through nor read', async () => {
  await symlink(join(room, 'precious'), part())
  expect(await cache.parts?.read('a.gz', 100)).toBeUndefined()
  await expect(cache.parts?.write('a.gz', BYTES, 50)).rejects.toMatchObject({
    code: 'io',
    message: expect.stringContaining('a link stands where none may'),
  })
  expect(await precious()).toBe('precious')
  await cache.parts?.write('a.gz', BYTES, 0)
  expect(await precious()).toBe('precious')
  expect(await cache.parts?.read('a.gz', 100)).toEqual(BYTES)
  expect((await stat(part())).mode & 0o777).toBe(0o600)
})

test('a part that has a second name elsewhere is not gone on with', async () => {
  await link(join(room, 'precious'), part())
  await expect(cache.parts?.write('a.gz', BYTES, 5)).rejects.toMatchObject({ code: 'io' })
  expect(await precious()).toBe('precious')
})

test('a file is replaced, never written through a link of its name', async () => {
  await symlink(join(room, 'precious'), join(room, 'cache', 'a.gz'))
  await cache.write('a.gz', BYTES)
  expect(await precious()).toBe('precious')
  expect(await cache.read('a.gz', 100)).toEqual(BYTES)
})

test('notes about files count only where strangers could not have written them', async () => {
  await cache.write('notes.json', BYTES)
  expect(await cache.readOwn?.('notes.json', 100)).toEqual(BYTES)
  execFileSync('chmod', ['o+w', join(room, 'cache', 'notes.json')])
  expect(await cache.readOwn?.('notes.json', 100)).toBeUndefined()
})

test('a file that is too large, or no file, is not read', async () => {
  await cache.write('a.gz', BYTES)
  await expect(cache.read('a.gz', 99)).rejects.toMatchObject({ code: 'bad-data' })
  await mkdir(join(room, 'cache', 'b.gz'))
  expect(await cache.read('b.gz', 99)).toBeUndefined()
  execFileSync('mkfifo', [join(room, 'cache', 'c.gz')])
  await expect(cache.read('c.gz', 99)).rejects.toThrow('got a pipe')
})
