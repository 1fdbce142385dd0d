import { stat } from 'node:fs/promises'
import { readPlainFileIfThere } from '@gicho/core'

/**
 * The bytes of a file, or undefined when no file is there; a folder of that name counts as none.
 *
 * @throws GichoError `bad-data` for more than `maxBytes`, a pipe or a device; `io` when it can't be read
 */
export async function readFileIfThere(path: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() ? undefined : readPlainFileIfThere(path, { maxBytes })
}
