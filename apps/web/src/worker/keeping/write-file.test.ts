import { afterEach, expect, test, vi } from 'vitest'
import { isUnfinished, writeFile } from './write-file.ts'

afterEach(() => vi.unstubAllGlobals())

const bytes = Uint8Array.from({ length: 100 }, (_, i) => i)
const earlier = Uint8Array.of(1, 2, 3)

interface Storage {
  /** Bytes that one write takes at most. */
  readonly most?: number
  /** Bytes that there is room for. */
  readonly room?: number
  readonly streams?: boolean
  readonly moves?: boolean
}

/** A private file system of one folder, of a browser with streams, or with access handles alone. */
function fakeFolder({ most = 1000, room = 1000, streams = false, moves = true }: Storage) {
  const files = new Map<string, Uint8Array<ArrayBuffer>>([['run.json', earlier]])
  let left = room
  const take = (length: number): number => {
    const taken = Math.min(length, most, left)
    left -= taken
    return taken
  }
  class Handle {
    readonly name: string
    constructor(name: string) {
      this.name = name
    }
    async getFile() {
      return new Blob([files.get(this.name) ?? new Uint8Array()])
    }
    async createSyncAccessHandle() {
      const { name } = this
      let content = files.get(name) ?? new Uint8Array()
      const keep = (changed: Uint8Array<ArrayBuffer>): void => {
        content = changed
        files.set(name, content)
      }
      return {
        truncate: (size: number) => keep(content.slice(0, size)),
        write: (part: Uint8Array, { at }: { at: number }) => {
          const taken = take(part.length)
          keep(Uint8Array.of(...content.slice(0, at), ...part.slice(0, taken)))
          return taken
        },
        getSize: () => content.length,
        flush: () => undefined,
        close: () => undefined,
      }
    }
  }
  const stream = async function (this: Handle) {
    let content = new Uint8Array()
    return {
      write: async (part: Uint8Array<ArrayBuffer>) => {
        content = part
        if (part.length > room) throw new DOMException('full', 'QuotaExceededError')
      },
      abort: async () => undefined,
      close: async () => void files.set(this.name, content),
    }
  }
  const move = async function (this: Handle, name: string) {
    files.set(name, files.get(this.name) ?? new Uint8Array())
    files.delete(this.name)
  }
  if (streams) Object.assign(Handle.prototype, { createWritable: stream })
  if (moves) Object.assign(Handle.prototype, { move })
  vi.stubGlobal('FileSystemFileHandle', Handle)
  const folder = {
    getFileHandle: async (name: string, options?: { create: boolean }) => {
      if (!files.has(name) && !options?.create) throw new DOMException('none', 'NotFoundError')
      if (!files.has(name)) files.set(name, new Uint8Array())
      return new Handle(name)
    },
    removeEntry: async (name: string) => void files.delete(name),
  }
  return { files, folder: folder as unknown as FileSystemDirectoryHandle }
}

test.each([
  ['a stream', { streams: true }],
  ['an access handle that takes seven bytes at a time', { most: 7 }],
  ['an access handle of a browser that moves no files', { most: 7, moves: false }],
])('%s writes every byte', async (_, storage) => {
  const { files, folder } = fakeFolder(storage)
  await writeFile(folder, 'run.json', bytes)
  await writeFile(folder, 'new', bytes)
  expect([...files.keys()].sort()).toEqual(['new', 'run.json'])
  expect(files.get('run.json')).toEqual(bytes)
})

test.each([
  ['a stream', { streams: true, room: 50 }],
  ['an access handle', { most: 7, room: 50 }],
])('a storage that fills up under %s leaves the earlier file, and nothing else', async (_, storage) => {
  const { files, folder } = fakeFolder(storage)
  await expect(writeFile(folder, 'run.json', bytes)).rejects.toMatchObject({ name: 'QuotaExceededError' })
  await expect(writeFile(folder, 'new', bytes)).rejects.toMatchObject({ name: 'QuotaExceededError' })
  expect([...files]).toEqual([['run.json', earlier]])
})

test('what a write leaves when the tab is closed under it is known by its name', () => {
  expect(isUnfinished('run.json.unfinished')).toBe(true)
  expect(isUnfinished('run.json')).toBe(false)
})
