import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Plugin } from 'vite'
import type { BuiltSite } from '../src/built-site.ts'
import { siteHeaders } from './security.ts'
import { contentHash } from './site-files.ts'

const ENTRY = 'src/service-worker.ts'
const FILE = 'service-worker.js'
const PAGE = 'index.html'
/** Files for others than the page. */
const NOT_KEPT = /\.map$|^_headers$|^THIRD_PARTY\.txt$|\/LICENSE\.txt$/

/** Builds the service worker beside the page and tells it which files the site has, in which version, and with which headers. */
export function offline(): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: ENTRY, fileName: FILE })
    },
    // All other plugins are through with their files by now.
    writeBundle: {
      order: 'post',
      async handler({ dir = '' }) {
        const path = join(dir, FILE)
        await writeFile(path, withSite(await readFile(path, 'utf8'), await filesIn(dir)))
      },
    },
  }
}

/**
 * The service worker's code with what it has to know of the site in its place.
 *
 * @param files every file of the site by its path; `index.html` is the page
 * @throws Error when the code doesn't ask for it
 */
export function withSite(code: string, files: ReadonlyMap<string, Uint8Array>): string {
  const kept = [...files].filter(([path]) => path !== FILE && path !== PAGE && !NOT_KEPT.test(path)).sort()
  const page = new TextDecoder().decode(files.get(PAGE))
  const hashes = Object.fromEntries(kept.map(([path, bytes]) => [path, contentHash(bytes)]))
  const packed = kept.filter(([path]) => path.endsWith('.gz'))
  const unpacked = Object.fromEntries(packed.map(([path, bytes]) => [path, contentHash(gunzipSync(bytes))]))
  const headers = siteHeaders
  const entry = /src="\.\/(assets\/[^"]+\.js)"/.exec(page)?.[1]
  if (entry === undefined) throw new Error(`${PAGE}: expected a script that the page starts with.`)
  const version = contentHash(JSON.stringify([page, hashes, headers, code]))
  const site: BuiltSite = { version, entry, files: hashes, unpacked, headers }
  if (!code.includes('__SITE__')) throw new Error(`${FILE}: expected it to ask for __SITE__.`)
  return code.replace('__SITE__', () => JSON.stringify(site))
}

async function filesIn(folder: string): Promise<Map<string, Uint8Array>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const files = paths.map(async (path) => {
    const name = path.slice(folder.length + 1).replaceAll(sep, '/')
    return [name, await readFile(path)] as const
  })
  return new Map(await Promise.all(files))
}
