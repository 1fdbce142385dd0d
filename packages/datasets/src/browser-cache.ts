import { GichoError, messageOf } from '@gicho/core'
import { unshared } from './bytes.ts'
import type { FileCache } from './file-cache.ts'

// The Cache API wants http addresses as keys; `.invalid` is reserved, so that no real file is ever meant (RFC 2606).
const KEYS = 'https://gicho.invalid/'

/** The browser's Cache API as a file cache, or undefined where there is none: pages that come over plain http. */
export function browserCache(cacheName: string, dataset: string): FileCache | undefined {
  const storage: CacheStorage | undefined = globalThis.caches
  if (!storage) return undefined
  const key = (name: string): string => `${KEYS}${dataset}/${name}`
  const refused = (cause: unknown): never => {
    throw new GichoError(
      'io',
      `browser cache ${cacheName}: the browser refused it (${messageOf(cause)}). Free some of the site's storage, or leave private mode.`,
      { cause },
    )
  }
  return {
    place: `browser cache ${cacheName}`,
    async read(name) {
      const response = await storage.open(cacheName).then((cache) => cache.match(key(name)), refused)
      return response && new Uint8Array(await response.arrayBuffer().catch(refused))
    },
    async write(name, bytes) {
      const response = new Response(unshared(bytes), { headers: { 'content-type': 'application/octet-stream' } })
      await storage
        .open(cacheName)
        .then((cache) => cache.put(key(name), response))
        .catch(refused)
    },
    async remove(name) {
      await storage
        .open(cacheName)
        .then((cache) => cache.delete(key(name)))
        .catch(refused)
    },
  }
}
