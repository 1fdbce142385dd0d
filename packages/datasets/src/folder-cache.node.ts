import { constants } from 'node:fs'
import { type FileHandle, lstat, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileErrorWords, GichoError, makeFolder, replaceFile } from '@gicho/core'
import type { FileCache } from './file-cache.ts'
import { readFileIfThere } from './read-file.node.ts'

/** Where the system has no such flag (Windows), links need rights that a program doesn't have by default. */
const NO_LINK = constants.O_NOFOLLOW ?? 0

/**
 * A folder as a file cache; it is made when something is written.
 *
 * Others may have the right to write there: what is read is checked by its hash, or by its owner, and what is written
 * never goes through a link.
 */
export function folderCache(folder: string): FileCache {
  const path = (name: string): string => join(folder, name)
  const partPath = (name: string): string => join(folder, `${name}.part`)
  const guarded = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action()
    } catch (cause) {
      throw new GichoError(
        'io',
        `cache ${folder}: the folder can't be written: ${fileErrorWords(cause)}. ` +
          'Name another with the option cacheDir or the variable GICHO_CACHE_DIR.',
        { cause },
      )
    }
  }
  return {
    place: `cache ${folder}`,
    read: (name, maxBytes) => readFileIfThere(path(name), maxBytes),
    readOwn: async (name, maxBytes) => ((await isOwn(path(name))) ? readFileIfThere(path(name), maxBytes) : undefined),
    write: (name, bytes) => guarded(() => writeWhole(path(name), bytes)),
    remove: (name) => guarded(() => rm(path(name), { force: true })),
    parts: {
      read: async (name, maxBytes) =>
        (await isOwn(partPath(name))) ? readFileIfThere(partPath(name), maxBytes) : undefined,
      write: (name, bytes, from) => guarded(() => writeFrom(partPath(name), bytes, from)),
      remove: (name) => guarded(() => rm(partPath(name), { force: true })),
    },
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await makeFolder(dirname(path))
  await replaceFile(path, bytes)
}

/** The part begins anew in a file of its own; what it goes on with must be such a file still. */
async function writeFrom(path: string, bytes: Uint8Array, from: number): Promise<void> {
  await makeFolder(dirname(path))
  const file = from === 0 ? await newFile(path) : await open(path, constants.O_RDWR | NO_LINK)
  try {
    const found = await file.stat()
    if (!found.isFile() || found.nlink !== 1) throw new Error(`${path} has another name, too`)
    for (let at = from; at < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, at, bytes.length - at, at)
      if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' })
      at += bytesWritten
    }
  } finally {
    await file.close()
  }
}

async function newFile(path: string): Promise<FileHandle> {
  await rm(path, { force: true })
  return open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_LINK, 0o600)
}

/** True for a plain file of this user's that strangers can't write; a group is the user's own choice (umask 002). */
async function isOwn(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  if (!found?.isFile()) return false
  const user = process.getuid?.()
  return user === undefined || (found.uid === user && (found.mode & 0o002) === 0)
}
