/*
 * The compiled engine in a page of a real browser: with cross-origin isolation on shared memory and threads, without it on one
 * thread. Both must give the very bits that Node gives.
 */
import { wasmEngine } from '@gicho/engine/wasm'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage, type Pages, pageScript, perceptron, runPage, samples, servePages, startBrowser } from './pages.ts'
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

test('a page whose policy forbids WebAssembly is told which directive is missing', { timeout: 60_000 }, async () => {
  const { page } = await openPage(browser, `${pages.origin}/strict/page.html`, 'run')
  const train = { ...samples(), images: [], labels: [], length: 0 }
  const dense = { name: 'end', units: 1, activation: 'softmax', use_bias: false, batch_input_shape: [null, 784] }
  const topology = { class_name: 'Sequential', config: { layers: [{ class_name: 'Dense', config: dense }] } }
  const weights = [{ name: 'end/kernel', shape: [784, 1], values: Array.from({ length: 784 }, () => 0) }]
  const given = { job: { ...perceptron(), model: { topology, weights } }, train, steps: 1 }
  const said = await page.evaluate(`run(${JSON.stringify(given)}).catch((error) => error.message)`)
  expect(said).toMatch(/^engine wasm: the page's Content-Security-Policy forbids WebAssembly\. Add 'wasm-unsafe-eval'/)
  await page.close()
})
