import { readdir, rm, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { GichoError } from '@gicho/core'
import { PARTS, setupFolder } from '../setup-folder.node.ts'
import { locked } from './lock.node.ts'

/**
 * Removes a setup; what else lies in its folder stays, as does a TensorFlow that lies elsewhere.
 *
 * @returns the folder, and whether there was anything to remove
 * @throws GichoError `bad-argument` for a folder that is none of ours
 */
export async function removeTensorflow(named?: string): Promise<{ folder: string; removed: boolean }> {
  const folder = named === undefined ? setupFolder() : resolve(named)
  const names = await readdir(folder).catch((): string[] => [])
  const own = Object.values(PARTS).filter((part) => names.includes(part))
  if (own.length === 0) return { folder, removed: false }
  if (!names.includes(PARTS.shims) && !names.includes(PARTS.venv) && !names.includes(PARTS.record)) {
    throw new GichoError(
      'bad-argument',
      `${folder}: expected a setup of gicho-tensorflow, and it isn't one. Nothing was removed.`,
    )
  }
  await locked(folder, async () => {
    // The record goes first: what is half removed is no setup.
    for (const part of [PARTS.record, ...own]) await rm(join(folder, part), { recursive: true, force: true })
  })
  await rmdir(folder).catch(() => undefined)
  return { folder, removed: true }
}
