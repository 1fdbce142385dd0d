/*
 * Reading files that somebody else named. A pipe would keep the program waiting for ever, /dev/zero never ends, and a
 * file of many gigabytes fills the memory: so what stands there is looked at before it is read, and no more is read than
 * the caller has use for.
 */
import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { GichoError } from './errors.ts'
import { fileErrorCode, fileErrorWords } from './file-error.ts'

/** What {@link readPlainFile} reads at most. */
export interface PlainFileOptions {
  readonly maxBytes: number
  /** What is expected, for error messages. Default `a file`. */
  readonly what?: string | undefined
}

/** Most bytes that one system call is asked for. */
const READ_ONCE_BYTES = 1 << 26

/**
 * Reads a whole file: a plain one, of at most so many bytes; links are followed.
 *
 * @throws GichoError `not-found` when nothing is there, `bad-data` for a folder, a pipe, a device, a socket, or a file of
 *   more than `maxBytes`; `io` when it can't be read
 *
 * @example
 * const bytes = await readPlainFile('hand.jpg', { maxBytes: 1 << 28, what: 'an image file' })
 */
export async function readPlainFile(path: string, options: PlainFileOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { maxBytes, what = 'a file' } = options
  const { file, sizeBytes } = await openPlainFile(path, what)
  try {
    if (sizeBytes > maxBytes) throw tooLarge(path, what, sizeBytes, maxBytes)
    const bytes = await readUpTo(file, sizeBytes, maxBytes)
    if (bytes.length > maxBytes) throw tooLarge(path, what, undefined, maxBytes)
    return bytes
  } catch (cause) {
    throw cause instanceof GichoError ? cause : unreadable(path, what, cause)
  } finally {
    await file.close()
  }
}

/** {@link readPlainFile}, or undefined where there is no file of that name. */
export async function readPlainFileIfThere(
  path: string,
  options: PlainFileOptions,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await readPlainFile(path, options)
  } catch (error) {
    if (error instanceof GichoError && error.code === 'not-found') return undefined
    throw error
  }
}

/**
 * Opens a plain file for reading; the caller closes it.
 *
 * @throws GichoError as {@link readPlainFile} does
 */
export async function openPlainFile(path: string, what = 'a file'): Promise<{ file: FileHandle; sizeBytes: number }> {
  // Opening a device can do something by itself, so that it is looked at first; and again when it is open.
  const found = await stat(path).catch((cause: unknown) => Promise.reject(unreadable(path, what, cause)))
  checkPlain(path, what, found)
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((cause: unknown) =>
    Promise.reject(unreadable(path, what, cause)),
  )
  try {
    const opened = await file.stat()
    checkPlain(path, what, opened)
    return { file, sizeBytes: opened.size }
  } catch (error) {
    await file.close()
    throw error
  }
}

/**
 * The file's bytes, at most one more than `maxBytes`. Some files say no size (Linux' /proc), others grow while they are
 * read: what counts is what comes.
 */
async function readUpTo(file: FileHandle, sizeBytes: number, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array(sizeBytes + 1)
  let length = 0
  for (;;) {
    const { bytesRead } = await file.read(bytes, length, Math.min(bytes.length - length, READ_ONCE_BYTES), length)
    length += bytesRead
    if (bytesRead === 0 || length > maxBytes) return bytes.subarray(0, length)
    if (length < bytes.length) continue
    const larger = new Uint8Array(Math.min(maxBytes + 1, 2 * length + 4096))
    larger.set(bytes)
    bytes = larger
  }
}

function checkPlain(path: string, what: string, found: Stats): void {
  if (found.isFile()) return
  throw new GichoError('bad-data', `${path}: expected ${what}, got ${kindOf(found)}. Name a plain file.`)
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a pipe'
  if (found.isSocket()) return 'a socket'
  return 'a device'
}

function unreadable(path: string, what: string, cause: unknown): GichoError {
  if (cause instanceof GichoError) return cause
  const code = fileErrorCode(cause)
  const missing = code === 'ENOENT' || code === 'ENOTDIR'
  const help = missing ? 'Check its spelling.' : 'Check its permissions and the disk.'
  return new GichoError(
    missing ? 'not-found' : 'io',
    `${path}: expected ${what}, but it can't be read: ${fileErrorWords(cause)}. ${help}`,
    { cause },
  )
}

function tooLarge(path: string, what: string, sizeBytes: number | undefined, maxBytes: number): GichoError {
  return new GichoError(
    'bad-data',
    `${path}: expected ${what} of at most ${inWords(maxBytes)}, got ${sizeBytes === undefined ? 'more' : inWords(sizeBytes)}. ` +
      'It is another file than its name says.',
  )
}

function inWords(bytes: number): string {
  if (bytes < 10_000) return `${bytes} bytes`
  return bytes < 10_000_000 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 1e6)} MB`
}
