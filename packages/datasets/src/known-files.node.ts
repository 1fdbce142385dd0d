import { stat } from 'node:fs/promises'
import type { Split } from '@gicho/core'
import type { FileCache } from './file-cache.ts'
import { SPLITS } from './sign-language-data.ts'

const NAME = 'known-files.json'
/** A path may have 4,096 bytes, and there are sixteen. */
const MAX_BYTES = 1 << 20

/** A file as it was when it was last decoded: when size, time or place change, it is decoded anew. */
interface KnownFile {
  readonly path: string
  readonly stamp: string
  readonly splits: readonly Split[]
}

/** Most files that are remembered; the oldest go first. */
const KEPT = 16

/**
 * Which splits a file of the user's had when it was last decoded and found to be the published ones: they can then be
 * taken from the cache, in milliseconds. Undefined for a file that is new or has changed.
 */
export async function knownSplits(cache: FileCache, path: string): Promise<readonly Split[] | undefined> {
  const stamp = await stampOf(path).catch(() => undefined)
  return (await readAll(cache)).find((file) => file.path === path && file.stamp === stamp)?.splits
}

/** Remembers it for {@link knownSplits}; a cache that can't be written forgets it. */
export async function rememberFile(cache: FileCache, path: string, splits: readonly Split[]): Promise<void> {
  const others = (await readAll(cache)).filter((file) => file.path !== path)
  const files: KnownFile[] = [...others.slice(1 - KEPT), { path, stamp: await stampOf(path), splits }]
  await cache.write(NAME, new TextEncoder().encode(JSON.stringify(files))).catch(() => undefined)
}

async function stampOf(path: string): Promise<string> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true })
  return [size, mtimeNs, ctimeNs, ino].join(' ')
}

async function readAll(cache: FileCache): Promise<readonly KnownFile[]> {
  try {
    const files: unknown = JSON.parse(new TextDecoder().decode(await cache.readOwn?.(NAME, MAX_BYTES)))
    return Array.isArray(files) ? files.filter(isKnownFile) : []
  } catch {
    return [] // none yet, or damaged: all files are new
  }
}

function isKnownFile(value: unknown): value is KnownFile {
  if (typeof value !== 'object' || value === null) return false
  if (!('path' in value && 'stamp' in value && 'splits' in value)) return false
  const { splits } = value
  return Array.isArray(splits) && splits.every((split) => SPLITS.includes(split))
}
