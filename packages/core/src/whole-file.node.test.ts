import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fileErrorWords } from './file-error.ts'
import { makeFolder } from './make-folder.node.ts'
import { removeUnfinished, replaceFile, replaceFileSync } from './whole-file.node.ts'

/** Stands in for a disk: how much one write takes at most, and how much there is room for in all. */
const disk = vi.hoisted(() => ({ most: Number.POSITIVE_INFINITY, room: Number.POSITIVE_INFINITY }))
const take = vi.hoisted(() => (length: number): number => {
  const taken = Math.min(length, disk.most, disk.room)
  if (taken === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  disk.room -= taken
  return taken
})
vi.mock(import('node:fs/promises'), async (importOriginal) => {
  const original = await importOriginal()
  const open: typeof original.open = async (...args) => {
    const file = await original.open(...args)
    const write = file.write.bind(file)
    const short = (bytes: Uint8Array, offset: number, length: number, position: number) =>
      write(bytes, offset, take(length), position)
    return Object.assign(file, { write: short })
  }
  return { ...original, open }
})
vi.mock(import('node:fs'), async (importOriginal) => {
  const original = await importOriginal()
  const writeSync = (file: number, bytes: Uint8Array, offset: number, length: number): number =>
    original.writeSync(file, bytes, offset, take(length))
  return { ...original, writeSync: writeSync as typeof original.writeSync }
})

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-files-'))
})
afterEach(async () => {
  Object.assign(disk, { most: Number.POSITIVE_INFINITY, room: Number.POSITIVE_INFINITY })
  await rm(folder, { recursive: true })
})

const writers = {
  replaceFile,
  replaceFileSync: async (path: string, content: Uint8Array | string) => replaceFileSync(path, content),
}
const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251)

for (const [name, write] of Object.entries(writers)) {
  test(`${name}: a disk that takes a few bytes at a time gets all of them`, async () => {
    disk.most = 7
    const path = join(folder, 'x.bin')
    await write(path, bytes)
    expect(new Uint8Array(await readFile(path))).toEqual(bytes)
    await write(path, '글')
    expect(await readFile(path, 'utf8')).toBe('글')
    expect(await readdir(folder)).toEqual(['x.bin'])
  })

  test(`${name}: a disk that fills up inside the file leaves the earlier one, and nothing else`, async () => {
    const path = join(folder, 'x.bin')
    await write(path, bytes)
    for (const room of [0, 1, 500, 999]) {
      disk.room = room
      await expect(write(path, new Uint8Array(1000))).rejects.toThrow('no space left on device')
      expect(new Uint8Array(await readFile(path))).toEqual(bytes)
      expect(await readdir(folder)).toEqual(['x.bin'])
    }
    await expect(write(join(folder, 'new'), bytes)).rejects.toThrow('no space left on device')
    expect(await readdir(folder)).toEqual(['x.bin'])
  })

  test(`${name}: an empty file, one with its own permissions, and a link are replaced`, async () => {
    const path = join(folder, 'x')
    await write(path, '')
    expect(await readFile(path, 'utf8')).toBe('')
    await chmod(path, 0o600)
    await write(path, 'secret')
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600)
    await writeFile(join(folder, 'elsewhere'), 'not ours')
    await symlink(join(folder, 'elsewhere'), join(folder, 'link'))
    await write(join(folder, 'link'), 'ours')
    expect(await readFile(join(folder, 'elsewhere'), 'utf8')).toBe('not ours')
    expect(await readFile(join(folder, 'link'), 'utf8')).toBe('ours')
  })

  test(`${name}: a folder in the file's place is refused, and nothing is left beside it`, async () => {
    await mkdir(join(folder, 'x', 'y'), { recursive: true })
    await expect(write(join(folder, 'x'), 'text')).rejects.toThrow()
    expect(await readdir(folder)).toEqual(['x'])
  })
}

test('a disk that is really full is told from one with room', async (context) => {
  const mount = join(folder, 'small')
  await mkdir(mount)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mount], { stdio: 'ignore' })
  } catch {
    context.skip('no tmpfs can be mounted here; the tests with a disk of few bytes ran')
  }
  try {
    for (const write of Object.values(writers)) {
      const path = join(mount, 'x.bin')
      await write(path, bytes)
      const failure = await write(path, new Uint8Array(100_000)).catch((error: unknown) => error)
      expect(fileErrorWords(failure)).toBe('the disk is full')
      expect(new Uint8Array(await readFile(path))).toEqual(bytes)
      expect(await readdir(mount)).toEqual(['x.bin'])
    }
  } finally {
    execFileSync('umount', [mount])
  }
})

test('what a killed write left is removed, and nothing else', async () => {
  for (const name of ['run.json', 'run.json.0a1b2c3d.unfinished', 'mine.unfinished'])
    await writeFile(join(folder, name), '')
  await removeUnfinished(folder)
  expect((await readdir(folder)).sort()).toEqual(['mine.unfinished', 'run.json'])
  await removeUnfinished(join(folder, 'nowhere'))
})

test('folders are made with those above them; a file in the way and a place that takes none are refused at once', async () => {
  await makeFolder(join(folder, 'a', 'b', 'c'))
  await makeFolder(join(folder, 'a', 'b', 'c'))
  expect((await stat(join(folder, 'a', 'b', 'c'))).isDirectory()).toBe(true)
  await writeFile(join(folder, 'file'), '')
  const said = async (path: string) => fileErrorWords(await makeFolder(path).catch((error: unknown) => error))
  expect(await said(join(folder, 'file'))).toBe('a part of the path is a file, not a folder')
  expect(await said(join(folder, 'file', 'x'))).toBe('a part of the path is a file, not a folder')
  if (process.platform === 'linux') expect(await said('/proc/gicho/1')).toBe('no folder can be made there')
})
