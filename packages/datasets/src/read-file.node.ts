import { readFile } from 'node:fs/promises'
import { GichoError, messageOf } from '@gicho/core'
import { unshared } from './bytes.ts'

/** The `code` of a file-system error, or its text where it has none. */
export function fileErrorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : messageOf(error)
}

/** The bytes of a file, or undefined when no file is there. @throws GichoError `io` when it can't be read */
export async function readFileIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return unshared(await readFile(path))
  } catch (cause) {
    const code = fileErrorCode(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined
    throw new GichoError('io', `${path}: the file can't be read (${code}). Check its permissions.`, { cause })
  }
}
