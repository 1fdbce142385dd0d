import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** Bytes of the compiled engine's files for a browser, as they are in the package (not minified). */
export interface CodeSize {
  /** What one visitor loads: all but three of the four builds of the kernels. */
  readonly loadedBytes: number
  readonly loadedGzipBytes: number
  /** All files, with the builds for other browsers. */
  readonly allGzipBytes: number
  readonly files: readonly string[]
}

const BUILD = /(plain|relaxed)-(un)?shared/

/** Follows the imports of `@gicho/engine/wasm` and of its worker, with @gicho/core. */
export function codeSize(): CodeSize {
  const dist = new URL('../packages/engine/dist/', import.meta.url)
  const found = new Map<string, Buffer>()
  for (const entry of ['wasm.js', 'wasm-worker.js']) follow(new URL(entry, dist), found)
  follow(new URL('../packages/core/dist/index.js', import.meta.url), found)
  const loaded = [...found].filter(([name]) => !BUILD.test(name) || name.includes('relaxed-shared'))
  const gzip = (files: readonly (readonly [string, Buffer])[]): number =>
    files.reduce((total, [, bytes]) => total + gzipSync(bytes, { level: 9 }).length, 0)
  return {
    loadedBytes: loaded.reduce((total, [, bytes]) => total + bytes.length, 0),
    loadedGzipBytes: gzip(loaded),
    allGzipBytes: gzip([...found]),
    files: [...found.keys()],
  }
}

function follow(url: URL, found: Map<string, Buffer>): void {
  const name = fileURLToPath(url).split('/packages/').at(-1) ?? url.pathname
  if (found.has(name)) return
  const bytes = readFileSync(url)
  found.set(name, bytes)
  for (const [, path] of bytes.toString().matchAll(/(?:from|import|import\()\s*["'](\.[^"']+\.js)["']/g)) {
    if (path) follow(new URL(path, url), found)
  }
}
