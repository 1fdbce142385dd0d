import { GichoError, messageOf } from '@gicho/core'
import type { FileTree } from './file-tree.ts'
import { isUnfinished, writeFile } from './write-file.ts'

/** All of this site's files are in one folder of its private file system. */
const ROOT = 'gicho'

/**
 * The site's private file system (OPFS): nobody but this site sees it, and it outlasts the tab.
 *
 * @returns undefined where the browser has none or refuses it, as some private modes do
 */
export async function privateTree(): Promise<FileTree | undefined> {
  try {
    const top = await navigator.storage.getDirectory()
    const root = await top.getDirectoryHandle(ROOT, { create: true })
    await probe(root)
    return treeIn(root)
  } catch {
    return undefined
  }
}

/** Some browsers have the folder and can't write from a worker. Where it is only full, there may be runs to read and to remove. */
async function probe(root: FileSystemDirectoryHandle): Promise<void> {
  try {
    await writeFile(root, 'probe', new Uint8Array(1))
    await root.removeEntry('probe')
  } catch (error) {
    if (!isFull(error)) throw error
  }
}

function treeIn(root: FileSystemDirectoryHandle): FileTree {
  return {
    lasts: true,
    async read(path) {
      const { folder, name } = await place(root, path, false)
      const handle = await folder?.getFileHandle(name).catch(absent)
      return handle && new Uint8Array(await (await handle.getFile()).arrayBuffer())
    },
    async write(path, bytes) {
      try {
        const { folder, name } = await place(root, path, true)
        if (folder) await writeFile(folder, name, bytes)
      } catch (error) {
        throw refused(path, error)
      }
    },
    async list(path) {
      const { folder, name } = await place(root, path, false)
      const listed = await folder?.getDirectoryHandle(name).catch(absent)
      const names: string[] = []
      for await (const entry of listed?.keys() ?? []) if (!isUnfinished(entry)) names.push(entry)
      return names
    },
    async remove(path) {
      const { folder, name } = await place(root, path, false)
      await folder?.removeEntry(name, { recursive: true }).catch(absent)
    },
  }
}

async function place(
  root: FileSystemDirectoryHandle,
  path: string,
  create: boolean,
): Promise<{ folder: FileSystemDirectoryHandle | undefined; name: string }> {
  const names = path.split('/')
  const name = names.pop() ?? ''
  let folder: FileSystemDirectoryHandle | undefined = root
  for (const each of names) folder = await folder?.getDirectoryHandle(each, { create }).catch(create ? rethrow : absent)
  return { folder, name }
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}

function absent(error: unknown): undefined {
  if (error instanceof DOMException && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError')) return
  throw error
}

function rethrow(error: unknown): never {
  throw error
}

function refused(path: string, cause: unknown): GichoError {
  const why = isFull(cause) ? "the site's storage is full" : `the browser refused it (${messageOf(cause)})`
  return new GichoError(
    'io',
    `${path}: can't be kept: ${why}. Remove runs that you don't need, or free some disk space.`,
    {
      cause,
    },
  )
}
