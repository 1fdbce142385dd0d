import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { expectSame } from '../test/expect-same.ts'
import { fakeCaches, refusingCaches } from '../test/fake-caches.ts'
import { breaking, type Mirror, startMirror } from '../test/mirror.node.ts'
import { type Published, publish } from '../test/published.ts'
import { type LoadMnistOptions, loadMnist, loadMnistInBrowser } from './load-mnist.ts'
import type { Mnist } from './mnist.ts'

let published: Published
let mirror: Mirror
const KEY = 'https://gicho.invalid/mnist/train-images-idx3-ubyte.gz'

beforeAll(async () => {
  published = await publish()
})
beforeEach(async () => {
  mirror = await startMirror(published.packed)
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await mirror.close()
})

async function load(options: LoadMnistOptions = {}): Promise<{ mnist: Mnist; warnings: string[] }> {
  const warnings: string[] = []
  const onWarning = (message: string): void => void warnings.push(message)
  const mnist = await loadMnistInBrowser(published.files, { mirrors: [mirror.url], onWarning, ...options })
  expectSame(mnist.train.images, published.plain.get('train-images-idx3-ubyte')?.subarray(16))
  return { mnist, warnings }
}

test('the browser keeps what it downloaded', async () => {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  vi.stubGlobal('caches', fakeCaches(files))
  expect((await load()).mnist.train.source).toBe(mirror.url)
  expectSame(files.get(KEY), published.packed.get('train-images-idx3-ubyte.gz'))
  const again = await load({ mirrors: [] })
  expect(again.mnist.train.source).toBe('browser cache gicho')
  expect(again.warnings).toEqual([])
})

test('a damaged copy in the browser is replaced', async () => {
  const files = new Map([[KEY, Uint8Array.of(1, 2, 3)]])
  vi.stubGlobal('caches', fakeCaches(files))
  const { warnings } = await load()
  expect(warnings).toEqual([expect.stringMatching(/^browser cache gicho, .+ The copy is replaced\.$/)])
  expectSame(files.get(KEY), published.packed.get('train-images-idx3-ubyte.gz'))
})

test('a page without Cache API and crypto.subtle loads checked data all the same', async () => {
  vi.stubGlobal('caches', undefined)
  vi.stubGlobal('crypto', {})
  const { warnings } = await load()
  expect(warnings).toEqual([
    'This page has no cache for files (no Cache API), so each visit downloads them: serve the page over https or from localhost.',
  ])
})

test('a Cache API that refuses is told once, and the load works', async () => {
  vi.stubGlobal('caches', refusingCaches())
  const { warnings } = await load()
  const refused =
    "browser cache gicho: the browser refused it (The operation is insecure.). Free some of the site's storage, or leave private mode."
  expect(warnings.sort()).toEqual([refused, `${refused} The files stay in memory for this run.`])
})

test('a broken connection is taken up again, also where the server forbids pages the Range header', async () => {
  vi.stubGlobal('caches', undefined)
  mirror.behave(breaking(0.6))
  await load()
  const real = fetch
  const forbidding: typeof fetch = (input, init) =>
    new Headers(init?.headers).has('range') ? Promise.reject(new TypeError('Failed to fetch')) : real(input, init)
  vi.stubGlobal('fetch', forbidding)
  let asked = 0
  mirror.behave((bytes, request, response) => breaking(asked++ === 0 ? 0.6 : 1)(bytes, request, response))
  mirror.requests.length = 0
  await load()
  expect(mirror.requests.slice(0, 2)).toEqual(Array(2).fill('GET /train-images-idx3-ubyte.gz'))
})

test('with no mirror in reach the error says what a page can do', async () => {
  vi.stubGlobal('caches', undefined)
  await expect(loadMnist({ mirrors: [] })).rejects.toThrow(
    'Check the connection, or name mirrors of your own whose server allows requests from other origins (CORS).',
  )
})

test("a folder of the page's own site may hold files that were packed anew", async () => {
  const anew = new Map([...published.packed].map(([name, bytes]) => [name, gzipSync(gunzipSync(bytes), { level: 1 })]))
  const site = await startMirror(anew)
  const seen = new Set<string>()
  const { mnist } = await load({ folder: site.url, onProgress: ({ file }) => seen.add(file) })
  expect(mnist.train.source).toBe(site.url)
  expect(seen.size).toBe(4)
  await site.close()
})

test('what is wrong in that folder is an error, and no mirror is asked', async () => {
  const damaged = new Map([['train-images-idx3-ubyte.gz', gzipSync(Uint8Array.of(0, 0, 8, 3))]])
  const site = await startMirror(damaged)
  await expect(load({ folder: site.url })).rejects.toMatchObject({ code: 'bad-data' })
  damaged.clear()
  await expect(load({ folder: site.url })).rejects.toThrow(/expected the file, got status 404/)
  await expect(load({ folder: 'ftp://x/' })).rejects.toMatchObject({ code: 'bad-argument' })
  expect(mirror.requests).toEqual([])
  await site.close()
})
