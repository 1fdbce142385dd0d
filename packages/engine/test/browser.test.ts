/*
 * The compiled engine in a page of a real browser: with cross-origin isolation on shared memory and threads, without it on one
 * thread. Both must give the very bits that Node gives.
 */
import { wasmEngine } from '@gicho/engine/wasm'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Pages, pageScript, perceptron, runPage, samples, servePages, startBrowser } from './pages.ts'
import { trainAndHash } from './train-and-hash.ts'

const STEPS = 5

let pages: Pages
let browser: Browser
beforeAll(async () => {
  pages = await servePages(pageScript('wasm', 'wasmEngine({ threads: 2 })'))
  browser = await startBrowser(['--disable-gpu'])
}, 60_000)
afterAll(async () => {
  await browser?.close()
  pages?.close()
})

test.each([
  ['isolated', 2],
  ['plain', 1],
] as const)(
  'a(n) %s page trains on %d thread(s), to the bits that Node gives',
  { timeout: 60_000 },
  async (kind, threads) => {
    const result = await runPage(browser, `${pages.origin}/${kind}/page.html`, STEPS)
    const here = await trainAndHash(wasmEngine({ threads }), perceptron(), { train: samples() }, STEPS)
    expect(result).toEqual(JSON.parse(here))
  },
)
