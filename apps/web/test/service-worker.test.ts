/* The built service worker in a real browser, on small sites that are deployed anew under open tabs. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openBrowser } from './site.ts'
import { openStaticHost, type StaticHost, smallSite } from './static-host.ts'

vi.setConfig({ testTimeout: 30_000 })

let browser: Browser
let host: StaticHost
let context: BrowserContext

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  host = await openStaticHost()
  context = await browser.newContext()
})
afterEach(async () => {
  await context.close()
  await host.close()
})

/** Opens a site in a tab of its own. */
async function open(folder = '/'): Promise<Page> {
  const page = await context.newPage()
  await page.goto(host.origin + folder)
  return page
}

/** Ends when a service worker answers for the page. */
function answeredFor(page: Page): Promise<unknown> {
  return page.waitForFunction('navigator.serviceWorker.controller !== null')
}

type WorkerState = 'installing' | 'waiting' | 'active'

/** The states in which the site has service workers, once none of them is about to change by itself. */
async function workersOf(page: Page): Promise<WorkerState[]> {
  const those = `navigator.serviceWorker.getRegistration().then((all) =>
    ['installing', 'waiting', 'active'].filter((state) => all?.[state] && all[state].state !== 'activating'))`
  await expect.poll(() => page.evaluate(those), { timeout: 10_000 }).not.toContain('installing')
  return page.evaluate(those)
}

/** Ends when the site has service workers in these states and no others. */
async function workersAre(page: Page, ...states: WorkerState[]): Promise<void> {
  await expect.poll(() => workersOf(page), { timeout: 10_000 }).toEqual(states)
}

/** Ends when the newest version is kept and waits for the tabs of the one before. */
async function newerWaits(page: Page): Promise<void> {
  // A browser looks for a new version by itself some seconds after a page was opened.
  await page.evaluate('navigator.serviceWorker.getRegistration().then((all) => all.update()).then(() => undefined)')
  await workersAre(page, 'waiting', 'active')
}

/** What a function of the page's script gives. */
function ask(page: Page, name: 'lazy' | 'digits'): Promise<string> {
  return page.evaluate(`${name}()`)
}

/** Closes a site's only tab, and opens it again once its newest version is at work. */
async function openAgain(page: Page, folder = '/'): Promise<Page> {
  let tab = page
  for (let i = 0; i < 10; i++) {
    await tab.close()
    await new Promise((resolve) => setTimeout(resolve, 100 * i)) // the browser notices a moment later that the tab is gone
    tab = await open(folder)
    if ((await workersOf(tab)).join() === 'active') return tab
  }
  throw new Error('the newest version never came to work')
}

/** The caches' names, each with how many files it has. */
async function cachesOf(page: Page): Promise<string[]> {
  const found = await page.evaluate<[string, number][]>(`caches.keys().then((names) => Promise.all(
    names.map(async (name) => [name, (await (await caches.open(name)).keys()).length])))`)
  return found.map(([name, files]) => `${name.replace(/[0-9a-f]{16}/, 'VERSION')}: ${files}`).sort()
}

test('data that a deploy renewed is read, and the data before it goes', async () => {
  host.deploy('/', await smallSite('one', 'digits of May'))
  let page = await open()
  await answeredFor(page)
  expect(await ask(page, 'digits')).toBe('digits of May')
  host.deploy('/', await smallSite('two', 'digits of June'))
  const other = await open()
  expect(await ask(other, 'digits')).toBe('digits of June')
  await newerWaits(other)
  await other.close()
  page = await openAgain(page)
  expect(await ask(page, 'digits')).toBe('digits of June')
  await expect.poll(() => cachesOf(page)).toEqual(['gicho-site / VERSION: 3', 'gicho-site / data: 1'])
  await context.setOffline(true)
  expect(await ask(page, 'digits')).toBe('digits of June')
})

test('a page that the host gives for a file is not kept: once the file is there it is read, and outlasts the network', async () => {
  const site = await smallSite('one', 'the digits')
  host.deploy('/', site)
  const digits = [...site.keys()].find((path) => path.startsWith('data/')) ?? ''
  host.pagesInstead.add('assets/lazy-one.js').add(digits)
  let page = await open()
  // Without all of its code a version isn't kept at all.
  await page.evaluate(`registered.then(({ installing }) => installing && new Promise((end) =>
    installing.addEventListener('statechange', () => end(undefined))))`)
  await workersAre(page)
  expect(await page.evaluate('navigator.serviceWorker.controller')).toBeNull()
  host.pagesInstead.delete('assets/lazy-one.js')
  page = await openAgain(page)
  await answeredFor(page)
  expect(await ask(page, 'digits')).toContain('Welcome')
  host.pagesInstead.clear()
  expect(await ask(page, 'digits')).toBe('the digits')
  await expect.poll(() => cachesOf(page)).toContain('gicho-site / data: 1')
  await context.setOffline(true)
  await page.reload()
  expect([await ask(page, 'digits'), await ask(page, 'lazy')]).toEqual(['the digits', 'lazy one'])
})

test('data is kept, too, from a host whose .gz files the browser unpacks', async () => {
  host.gzipIsTransport = true
  host.deploy('/', await smallSite('one', 'the digits'))
  const page = await open()
  await answeredFor(page)
  expect(await ask(page, 'digits')).toBe('the digits')
  await expect.poll(() => cachesOf(page)).toContain('gicho-site / data: 1')
  await context.setOffline(true)
  await page.reload()
  expect(await ask(page, 'digits')).toBe('the digits')
})

test('a tab that was open before a deploy still gets every part of its code, and the next one is of the new version', async () => {
  host.deploy('/', await smallSite('one', 'x'))
  const old = await open()
  await answeredFor(old)
  host.deploy('/', await smallSite('two', 'x'))
  const young = await open()
  expect(await young.title()).toBe('two')
  await newerWaits(young)
  expect([await ask(old, 'lazy'), await ask(young, 'lazy')]).toEqual(['lazy one', 'lazy two'])
  await old.close()
  expect(await cachesOf(young)).toEqual(['gicho-site / VERSION: 3', 'gicho-site / VERSION: 3'])
  await context.setOffline(true)
  expect(await ask(young, 'lazy')).toBe('lazy two')
  await context.setOffline(false)
  const last = await openAgain(young)
  expect(await cachesOf(last)).toEqual(['gicho-site / VERSION: 3', 'gicho-site / data: 0'])
})

test('two copies on one origin keep to themselves, and a copy above leaves other pages alone', async () => {
  for (const folder of ['/', '/a/', '/b/']) host.deploy(folder, await smallSite('one', folder))
  host.deploy('/other/', new Map([['index.html', new TextEncoder().encode('<title>something else</title>')]]))
  const [above, a, b] = [await open('/'), await open('/a/'), await open('/b/')]
  for (const page of [above, a, b]) {
    await answeredFor(page)
    await ask(page, 'digits')
  }
  host.deploy('/a/', await smallSite('two', '/a/'))
  const newer = await open('/a/')
  await newerWaits(newer)
  await newer.close()
  const again = await openAgain(a, '/a/')
  expect(await again.title()).toBe('two')
  expect(await cachesOf(again)).toEqual(
    ['/', '/a/', '/b/'].flatMap((folder) => [`gicho-site ${folder} VERSION: 3`, `gicho-site ${folder} data: 1`]),
  )
  const other = await context.newPage()
  const answer = await other.goto(`${host.origin}/other/`)
  expect([await other.title(), answer?.headers()['content-security-policy']]).toEqual(['something else', undefined])
  await context.setOffline(true)
  await b.reload()
  expect([await b.title(), await ask(b, 'lazy'), await ask(b, 'digits')]).toEqual(['one', 'lazy one', '/b/'])
  await expect(other.reload()).rejects.toThrow('ERR_INTERNET_DISCONNECTED')
})

test('a static host’s answers get the site’s headers', async () => {
  host.deploy('/', await smallSite('one', 'x'))
  const page = await open()
  await answeredFor(page)
  const headers = (await page.reload())?.headers()
  expect(headers).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'permissions-policy': expect.stringMatching(/^camera=\(self\), .*microphone=\(\)/),
  })
  expect(await page.evaluate('crossOriginIsolated')).toBe(true)
})
