/* For tests only: a host of small sites that have the built site's service worker, each deployed in one version or another. */
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { withSite } from '../vite/offline.ts'
import { contentHash } from '../vite/site-files.ts'

/** A host that knows nothing of headers. */
export interface StaticHost {
  readonly origin: string
  /** Puts a site's files into a folder, in the place of those that were there. @param folder `/` or `/name/` */
  deploy(folder: string, files: ReadonlyMap<string, Uint8Array>): void
  /** Paths that are answered by a page of the host's own, with status 200. */
  readonly pagesInstead: Set<string>
  /** Sends `.gz` files as packed transport, so that the browser unpacks them, as `vite preview` does. */
  gzipIsTransport: boolean
  close(): Promise<void>
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  json: 'application/json',
  gz: 'application/gzip',
}

export async function openStaticHost(): Promise<StaticHost> {
  const sites = new Map<string, ReadonlyMap<string, Uint8Array>>()
  const pagesInstead = new Set<string>()
  const how = { gzipIsTransport: false }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host')
    const folder =
      [...sites.keys()].sort((a, b) => b.length - a.length).find((name) => pathname.startsWith(name)) ?? '/'
    const path = pathname.slice(folder.length) || 'index.html'
    const bytes = sites.get(folder)?.get(path)
    if (how.gzipIsTransport && path.endsWith('.gz')) response.setHeader('Content-Encoding', 'gzip')
    if (pagesInstead.has(path)) response.setHeader('Content-Type', 'text/html').end('<h1>Welcome</h1>')
    else if (bytes) response.setHeader('Content-Type', types[path.split('.').at(-1) ?? ''] ?? 'text/plain').end(bytes)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return Object.assign(how, {
    origin: `http://localhost:${typeof address === 'object' && address ? address.port : 0}`,
    deploy: (folder: string, files: ReadonlyMap<string, Uint8Array>) => void sites.set(folder, files),
    pagesInstead,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  })
}

/** A small site: a page whose script loads a part of its code and its data when it is asked to. */
export async function smallSite(version: string, data: string): Promise<Map<string, Uint8Array>> {
  const digits = `data/mnist-${contentHash(data)}/digits.gz`
  const texts: Readonly<Record<string, string>> = {
    'index.html': `<!doctype html><title>${version}</title><script type="module" src="./assets/index-${version}.js"></script>`,
    [`assets/index-${version}.js`]: `
      globalThis.lazy = () => import('./lazy-${version}.js').then((code) => code.default, (error) => error.message)
      globalThis.digits = () => fetch('./${digits}').then((response) => response.blob()).then(async (blob) => {
        const isPacked = new Uint8Array(await blob.slice(0, 1).arrayBuffer())[0] === 0x1f
        return isPacked ? new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).text() : blob.text()
      }).catch((error) => error.message)
      globalThis.registered = navigator.serviceWorker.register('./service-worker.js')`,
    [`assets/lazy-${version}.js`]: `export default 'lazy ${version}'`,
  }
  const files = new Map<string, Uint8Array>(
    Object.entries(texts).map(([path, text]) => [path, new TextEncoder().encode(text)]),
  )
  files.set(digits, gzipSync(data))
  return files.set('service-worker.js', new TextEncoder().encode(withSite(await workerCode(), files)))
}

let code: Promise<string> | undefined

/** The service worker as it is built, before it knows of a site. */
function workerCode(): Promise<string> {
  code ??= build({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: { write: false, target: 'es2023', rolldownOptions: { input: 'src/service-worker.ts' } },
  }).then((built) => {
    const [chunk] = [built].flat().flatMap((each) => ('output' in each ? each.output : []))
    if (chunk?.type !== 'chunk') throw new Error('expected the service worker as one file')
    return chunk.code
  })
  return code
}
