/*
 * Keeps the site for use without a network, and gives every answer the headers that let threads share memory and hold workers to the
 * site's policy: a static host can't be told to send them. Files whose names change with their content are taken from the cache; the page itself
 * from the network while there is one.
 */
export {}

/** The part of a service worker's world that is used here; TypeScript's DOM library has the window's only. */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Fetching extends Lasting {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
declare const self: {
  readonly location: Location
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void
}
/** All three are put in place while the site is built. */
declare const __FILES__: readonly string[]
declare const __VERSION__: string
declare const __HEADERS__: Readonly<Record<string, string>>

const CACHE = `gicho-site-${__VERSION__}`
const DATA_CACHE = 'gicho-site-data'

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...__FILES__])))
  void self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  event.waitUntil(removeOldCaches().then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method === 'GET' && new URL(request.url).origin === self.location.origin) {
    event.respondWith(answer(event).then(withHeaders))
  }
})

async function removeOldCaches(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith('gicho-site-') && name !== CACHE && name !== DATA_CACHE)
  await Promise.all(old.map((name) => caches.delete(name)))
}

async function answer(event: Fetching): Promise<Response> {
  const { request } = event
  const fresh = request.mode === 'navigate' || request.url.endsWith('/files.json')
  const cached = await kept(request)
  if (cached && !fresh) return cached
  try {
    const response = await fetch(request)
    if (response.status === 200) event.waitUntil(keep(request, response.clone()))
    return response
  } catch (error) {
    const fallback = cached ?? (request.mode === 'navigate' ? await kept('./') : undefined)
    if (fallback) return fallback
    throw error
  }
}

/** Nothing where the browser refuses its caches. */
function kept(request: Request | './'): Promise<Response | undefined> {
  return caches.match(request, { ignoreSearch: true }).catch(() => undefined)
}

/** What can't be kept, on a full disk or in a private window, is fetched again next time. */
async function keep(request: Request, response: Response): Promise<void> {
  const isData = /\/(data|tfjs-wasm)\//.test(new URL(request.url).pathname)
  try {
    const cache = await caches.open(isData ? DATA_CACHE : CACHE)
    await cache.put(request, response)
  } catch {
    await response.body?.cancel().catch(() => undefined)
  }
}

function withHeaders(response: Response): Response {
  if (response.type === 'opaque' || response.type === 'error' || response.status === 0) return response
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(__HEADERS__)) headers.set(name, value)
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}
