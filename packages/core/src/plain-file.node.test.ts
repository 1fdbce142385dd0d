import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileErrorWords } from './file-error.ts'
import { readPlainFile, readPlainFileIfThere } from './plain-file.node.ts'

let room: string
const path = (name: string): string => join(room, name)
const read = (name: string, maxBytes = 1000): Promise<Uint8Array> => readPlainFile(name, { maxBytes, what: 'an image' })

beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'gicho-plain-'))
})
afterEach(() => rm(room, { recursive: true, force: true }))

test('a file is read whole, also through a link, up to the limit and not a byte beyond', async () => {
  await writeFile(path('a'), new Uint8Array(1000).fill(7))
  await symlink(path('a'), path('b'))
  expect(await read(path('a'))).toEqual(new Uint8Array(1000).fill(7))
  expect(await read(path('b'))).toHaveLength(1000)
  await writeFile(path('empty'), '')
  expect(await read(path('empty'))).toHaveLength(0)
  await expect(read(path('a'), 999)).rejects.toMatchObject({
    code: 'bad-data',
    message: `${path('a')}: expected an image of at most 999 bytes, got 1000 bytes. It is another file than its name says.`,
  })
})

test('a file of many gigabytes is refused before a byte of it is read', async () => {
  await writeFile(path('huge'), '')
  await truncate(path('huge'), 5e12)
  await expect(read(path('huge'), 1 << 28)).rejects.toThrow('expected an image of at most 268 MB, got 5000000 MB.')
})

test('pipes, sockets, devices, folders and links in a circle are refused at once, by what they are', async () => {
  if (process.platform === 'win32') return
  execFileSync('mkfifo', [path('pipe')])
  await mkdir(path('folder'))
  await symlink(path('two'), path('one'))
  await symlink(path('one'), path('two'))
  const server = createServer()
  await new Promise<void>((listening) => server.listen(path('socket'), listening))
  await expect(read(path('pipe'))).rejects.toThrow('pipe: expected an image, got a pipe. Name a plain file.')
  await expect(read(path('socket'))).rejects.toThrow('expected an image, got a socket.')
  await expect(read(path('folder'))).rejects.toThrow('expected an image, got a folder.')
  await expect(read('/dev/zero')).rejects.toMatchObject({
    code: 'bad-data',
    message: expect.stringMatching(/got a device/),
  })
  await expect(read(path('one'))).rejects.toMatchObject({
    code: 'io',
    message: expect.stringMatching(/its links go in a circle/),
  })
  await new Promise((closed) => server.close(closed))
})

test('a file that says no size is read to its end, within the limit', async () => {
  if (process.platform !== 'linux') return
  expect((await read('/proc/self/status', 100_000)).length).toBeGreaterThan(100)
  await expect(read('/proc/self/status', 10)).rejects.toThrow('of at most 10 bytes, got more.')
})

test('what is not there is not found, in words', async () => {
  await expect(read(path('none'))).rejects.toMatchObject({
    code: 'not-found',
    message: `${path('none')}: expected an image, but it can't be read: there is nothing of that name. Check its spelling.`,
  })
  expect(await readPlainFileIfThere(path('none'), { maxBytes: 1 })).toBeUndefined()
  await writeFile(path('file'), '')
  await expect(read(join(path('file'), 'x'))).rejects.toThrow('a part of the path is a file, not a folder')
  await expect(read(path('x'.repeat(5000)))).rejects.toMatchObject({
    code: 'io',
    message: expect.stringMatching(/the name is too long/),
  })
})

test("the file system's codes become words, and other errors keep theirs", () => {
  expect(fileErrorWords(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }))).toBe('the disk is full')
  expect(fileErrorWords(Object.assign(new Error('What it says.'), { code: 'EWHATEVER' }))).toBe('What it says')
  expect(fileErrorWords('odd')).toBe('odd')
})
