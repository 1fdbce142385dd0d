import { mkdir, open, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { GichoError } from '@gicho/core'
import writeFileAtomic from 'write-file-atomic'
import type { FileCache } from './file-cache.ts'
import { fileErrorCode, readFileIfThere } from './read-file.node.ts'

/** A folder as a file cache; it is made when something is written. */
export function folderCache(folder: string): FileCache {
  const path = (name: string): string => join(folder, name)
  const partPath = (name: string): string => join(folder, `${name}.part`)
  const guarded = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action()
    } catch (cause) {
      throw new GichoError(
        'io',
        `cache ${folder}: the folder can't be written (${fileErrorCode(cause)}). ` +
          'Name another with the option cacheDir or the variable GICHO_CACHE_DIR.',
        { cause },
      )
    }
  }
  return {
    place: `cache ${folder}`,
    read: (name) => readFileIfThere(path(name)),
    write: (name, bytes) => guarded(() => writeWhole(path(name), bytes)),
    remove: (name) => guarded(() => rm(path(name), { force: true })),
    parts: {
      read: (name) => readFileIfThere(partPath(name)),
      write: (name, bytes, from) => guarded(() => writeFrom(partPath(name), bytes, from)),
      remove: (name) => guarded(() => rm(partPath(name), { force: true })),
    },
  }
}

/** Under another name first, then renamed: no reader ever sees half a file. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFileAtomic(path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  // A full disk can take a part of a write without an error.
  if ((await stat(path)).size === bytes.length) return
  await rm(path, { force: true })
  throw new Error('the disk is full')
}

async function writeFrom(path: string, bytes: Uint8Array, from: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, from === 0 ? 'w' : 'r+')
  try {
    for (let at = from; at < bytes.length; ) at += (await file.write(bytes, at, bytes.length - at, at)).bytesWritten
  } finally {
    await file.close()
  }
}
