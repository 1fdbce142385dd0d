import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileErrorCode } from './file-error.ts'

/**
 * Makes a folder and those above it. `mkdir` of Node with `recursive` never returns for some paths, as for one in /proc.
 *
 * @throws the file system's error; ENOTDIR where a file is in the way
 */
export async function makeFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return
  if (found) throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' })
  const parent = dirname(resolve(path))
  if (parent !== resolve(path)) await makeFolder(parent)
  await mkdir(path).catch((error: unknown) => {
    const code = fileErrorCode(error)
    if (code === 'EEXIST') return // another process was quicker
    if (code === 'ENOENT') throw new Error('no folder can be made there', { cause: error }) // the one above is there
    throw error
  })
}
