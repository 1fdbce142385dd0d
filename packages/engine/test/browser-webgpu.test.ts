/* The compiled engine's GPU target in a page of a real browser, on a software adapter: what the CPU target computes in Node. */
import { wasmEngine } from '@gicho/engine/wasm'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Pages, pageScript, perceptron, runPage, samples, servePages, startBrowser } from './pages.ts'
import { trainAndHash } from './train-and-hash.ts'

const STEPS = 3

let pages: Pages
let browser: Browser
beforeAll(async () => {
  pages = await servePages(pageScript('webgpu', 'webgpuEngine({ allowSoftware: true })'))
  browser = await startBrowser(['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'])
}, 60_000)
afterAll(async () => {
  await browser?.close()
  pages?.close()
})

test('a page trains on WebGPU, and its losses are those of the CPU target', { timeout: 120_000 }, async () => {
  const result = await runPage(browser, `${pages.origin}/plain/page.html`, STEPS)
  const here = JSON.parse(await trainAndHash(wasmEngine({ threads: 1 }), perceptron(), { train: samples() }, STEPS))
  expect(result).toMatchObject({ threads: 1 })
  const { loss, evaluated } = result as { loss: number; evaluated: number }
  // The first steps of RMSprop divide gradients by their own size: rounding of the smallest shows.
  expect(Math.abs(loss / here.loss - 1)).toBeLessThan(1e-4)
  expect(Math.abs(evaluated / here.evaluated - 1)).toBeLessThan(1e-3)
})
