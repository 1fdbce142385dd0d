/*
 * Files that are there whole or not at all. A file is written under another name, to the last byte, flushed to the disk and measured,
 * and takes its own name only then: a full disk, a kill or a power failure leaves what was there before.
 * A write may take a part of its bytes and call that a success, as it does on a disk that is about to be full: what is left is
 * written until the system takes no more of it.
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs'
import { lstat, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const UNFINISHED = /\.[0-9a-f]{8}\.unfinished$/
/** What a new file may be used for, before the user's umask: reading and writing, by anybody. */
const NEW_FILE_MODE = 0o666

/**
 * Replaces a file as a whole, or makes it. A link of that name is replaced, not followed.
 *
 * @param content bytes, or text that is written as UTF-8
 * @throws the file system's error, when not everything could be written; what was there before is then still there, and nothing else
 */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const bytes = bytesOf(content)
  const beside = nameBeside(path)
  try {
    const file = await open(beside, 'wx', modeOf(await lstat(path).catch(() => undefined)))
    try {
      for (let at = 0; at < bytes.length; )
        at += accepted((await file.write(bytes, at, bytes.length - at, at)).bytesWritten, at, bytes)
      await file.sync()
      checkSize((await file.stat()).size, bytes)
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw error
  }
  await syncFolder(dirname(path))
}

/** {@link replaceFile}, done when it returns: for what must be on the disk before a busy process comes to anything else. */
export function replaceFileSync(path: string, content: Uint8Array | string): void {
  const bytes = bytesOf(content)
  const beside = nameBeside(path)
  try {
    const file = openSync(beside, 'wx', modeOf(lstatSync(path, { throwIfNoEntry: false })))
    try {
      writeFullySync(file, bytes)
      fsyncSync(file)
      checkSize(fstatSync(file).size, bytes)
    } finally {
      closeSync(file)
    }
    renameSync(beside, path)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

/** Writes every byte to an open file or stream. @throws the system's error when it takes no more */
export function writeFullySync(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += accepted(writeSync(file, bytes, at, bytes.length - at), at, bytes)
}

/** Removes what writes that were killed have left in a folder. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const left = names.filter((name) => UNFINISHED.test(name))
  await Promise.allSettled(left.map((name) => rm(join(folder, name), { force: true })))
}

function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content
}

function nameBeside(path: string): string {
  return `${path}.${randomBytes(4).toString('hex')}.unfinished`
}

/** A file keeps the permissions of the one that it replaces. */
function modeOf(earlier: Stats | undefined): number {
  return earlier?.isFile() ? earlier.mode & 0o777 : NEW_FILE_MODE
}

/** The bytes that a write took. @throws Error ENOSPC when it took none: the next would not either */
function accepted(written: number, at: number, { length }: Uint8Array): number {
  if (written > 0) return written
  throw Object.assign(new Error(`${at} of ${length} bytes were written`), { code: 'ENOSPC' })
}

function checkSize(size: number, { length }: Uint8Array): void {
  if (size !== length) throw Object.assign(new Error(`${size} of ${length} bytes are there`), { code: 'EIO' })
}

/** The new name is on the disk, too. Windows and some network disks can't say when. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => undefined)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}
