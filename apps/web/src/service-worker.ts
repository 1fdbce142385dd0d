/*
 * Keeps the site for use without a network, and gives every answer the site's headers, so that threads share memory and workers are held
 * to the site's policy: a static host can't be told to send them.
 *
 * A version of the site is kept whole, in a cache of its own, before it answers anything; it stays until no tab is open. An open tab asks
 * for parts of its code at any time, also when the host has only a newer version. So a new version waits (there is no `skipWaiting`) until
 * the browser finds no tab that uses the one before. Meanwhile the page itself comes from the network, and brings new names with it.
 * Data lies in one cache for all versions. Every path but the page's changes with its content, and nothing is kept whose bytes
 * aren't those of the build: hosts answer with pages of their own, too. Other copies of the site on the origin have other scopes, and with
 * them other caches.
 */
import type { BuiltSite } from './built-site.ts'

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
  readonly clients: {
    claim(): Promise<void>
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly { readonly url: string }[]>
  }
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void
}
/** Put in place while the site is built. */
declare const __SITE__: BuiltSite

const { version, entry, files, unpacked, headers } = __SITE__
const scope = new URL('./', self.location.href)
const PREFIX = `gicho-site ${scope.pathname} ` // a path has no blanks
const CACHE = PREFIX + version
const DATA_CACHE = `${PREFIX}data`
const PAGE = ''
/** Names of the sign-language files that the site serves: as the data lies there now. */
const LIST = 'data/sign-language/files.json'
/** Fetched when they are needed: data, and what only some machines run. */
const LATER = /^(data|tfjs-wasm-[0-9a-f]+)\//
/** Also in another version of the site. */
const OWN_FOLDER = /^(assets|data|tfjs-wasm-[0-9a-f]+)\//
/** A file's path may say its hash itself. */
const HASH_IN_PATH = /^data\/sign-language\/([0-9a-f]{16})\//
const TYPES: Readonly<Record<string, RegExp>> = {
  js: /^(text|application)\/javascript/,
  css: /^text\/css/,
  html: /^text\/html/,
  json: /^application\/json/,
  svg: /^image\/svg/,
}

self.addEventListener('install', (event) => event.waitUntil(keepVersion()))
self.addEventListener('activate', (event) => event.waitUntil(removeOld().then(() => self.clients.claim())))
self.addEventListener('fetch', (event) => {
  const path = pathOf(event.request)
  if (path !== undefined) event.respondWith(answer(event, path).then(withHeaders))
})

/** The path in the site; undefined for what isn't of this site: in a folder of its scope there may be another one. */
function pathOf({ method, url }: Request): string | undefined {
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== scope.origin || !pathname.startsWith(scope.pathname)) return undefined
  const path = pathname.slice(scope.pathname.length).replace(/^index\.html$/, PAGE)
  return path === PAGE || Object.hasOwn(files, path) || OWN_FOLDER.test(path) ? path : undefined
}

/** @throws Error when the host has another version, or answers with something else: the browser tries again with the next visit */
async function keepVersion(): Promise<void> {
  const now = [PAGE, ...Object.keys(files).filter((path) => !LATER.test(path))]
  await Promise.all(
    now.map(async (path) => {
      if (await find(path, CACHE)) return
      const response = await fetch(addressOf(path), { cache: 'no-cache' })
      if (!(await isWhatItShouldBe(path, response.clone()))) throw new Error(`${path}: got something else.`)
      await keep(path, response)
    }),
  )
}

/** No tab of the version before is left, but one that was loaded past its worker may be: then everything stays until the next version. */
async function removeOld(): Promise<void> {
  if ((await tabs(true)) > (await tabs(false))) return
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE && name !== DATA_CACHE) await caches.delete(name)
  }
  const data = await caches.open(DATA_CACHE)
  for (const request of await data.keys()) {
    const path = pathOf(request)
    if (path !== LIST && !Object.hasOwn(files, path ?? PAGE)) await data.delete(request)
  }
}

/** How many tabs of this site are open. @param all those that this worker doesn't answer for as well */
async function tabs(all: boolean): Promise<number> {
  const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: all })
  return open.filter(({ url }) => url.startsWith(scope.href)).length
}

async function answer(event: Fetching, path: string): Promise<Response> {
  if (path === PAGE || path === LIST) return newest(event, path)
  const kept = await find(path)
  if (kept) return kept
  const response = await fetch(event.request)
  if (LATER.test(path)) event.waitUntil(keepIfGood(path, response.clone()))
  return response
}

/** From the network while there is one; the browser asks whether its own copy still holds. */
async function newest(event: Fetching, path: string): Promise<Response> {
  try {
    const response = await fetch(new Request(event.request, { cache: 'no-cache' }))
    if (path === LIST) event.waitUntil(keepIfGood(path, response.clone()))
    if (response.status < 500) return response
    return (await find(path)) ?? response
  } catch (error) {
    const kept = await find(path)
    if (kept) return kept
    throw error
  }
}

/** A kept file, of this version or of another; nothing where the browser refuses its caches. */
async function find(path: string, only?: string): Promise<Response | undefined> {
  try {
    const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE)
    for (const name of only === undefined ? [CACHE, ...others] : [only]) {
      const found = await (await caches.open(name)).match(addressOf(path))
      if (found) return found
    }
  } catch {
    // as above
  }
  return undefined
}

async function keepIfGood(path: string, response: Response): Promise<void> {
  if (await isWhatItShouldBe(path, response.clone())) await keep(path, response)
  else await response.body?.cancel()
}

/** What can't be kept, on a full disk or in a private window, is fetched again next time. */
async function keep(path: string, response: Response): Promise<void> {
  try {
    const cache = await caches.open(LATER.test(path) ? DATA_CACHE : CACHE)
    await cache.put(addressOf(path), response)
  } catch {
    await response.body?.cancel().catch(() => undefined)
  }
}

/** True for the build's own bytes under a type that fits. A host may write into the page: it must start with this version's script. */
async function isWhatItShouldBe(path: string, response: Response): Promise<boolean> {
  const ending = path === PAGE ? 'html' : (path.split('.').at(-1) ?? '')
  const type = response.headers.get('content-type') ?? ''
  const hasType = TYPES[ending]?.test(type) ?? !/^text\/html/.test(type)
  if (response.status !== 200 || !hasType) {
    await response.body?.cancel()
    return false
  }
  if (path === PAGE) return (await response.text()).includes(entry)
  if (path === LIST) return true
  const hashes = [files[path] ?? HASH_IN_PATH.exec(path)?.[1], unpacked[path]]
  return hashes.includes(await hashOf(await response.arrayBuffer()))
}

async function hashOf(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function addressOf(path: string): string {
  return new URL(path, scope).href
}

function withHeaders(response: Response): Response {
  if (response.type === 'opaque' || response.type === 'error' || response.status === 0) return response
  const all = new Headers(response.headers)
  for (const [name, value] of Object.entries(headers)) all.set(name, value)
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers: all })
}
