import { createRequire } from 'node:module'
import { GichoError } from '@gicho/core'

/** The only version that tfjs-node 4.22 goes with. */
const CORE_VERSION = '4.22.0'

/** Every loaded copy of tfjs-core, by its file. */
function loadedCopies(): string[] {
  const { cache } = createRequire(import.meta.url)
  return Object.keys(cache).filter((path) =>
    /[\\/]@tensorflow[\\/]tfjs-core[\\/]dist[\\/]tf-core\.node\.js$/.test(path),
  )
}

/** @throws GichoError `unavailable` for a tfjs-core of another version, or more than one copy of it */
export function checkOneCopy(version: string, copies: readonly string[] = loadedCopies()): void {
  if (version !== CORE_VERSION) {
    throw new GichoError(
      'unavailable',
      `backend tensorflow: expected @tensorflow/tfjs-core ${CORE_VERSION}, got ${version}. ` +
        `Run: npm install @tensorflow/tfjs-core@${CORE_VERSION} @tensorflow/tfjs-layers@${CORE_VERSION}`,
    )
  }
  if (copies.length > 1) {
    throw new GichoError(
      'unavailable',
      `backend tensorflow: expected one copy of @tensorflow/tfjs-core, got ${copies.length}: ${copies.join(', ')}. ` +
        'Run: npm dedupe',
    )
  }
}
