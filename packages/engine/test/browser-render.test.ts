/*
 * The eager engine's rendering of augmented batches in a page of a real browser: on workers, with shared memory and without, and on the
 * page's own thread where the page refuses workers. Everywhere to the bits of the reference.
 */
import { ImageRenderer, renderImages, sizeOf } from '@gicho/core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byteValues } from '../src/session/byte-values.ts'
import { plainAugmentation, randomDraws } from './augmented-input.ts'
import { openPage, type Pages, samples, servePages, startBrowser } from './pages.ts'

const PAGE = `
import { AugmentedReader } from './engine/src/tfjs/augmented-reader.ts'
import { pagePort, pageThreads } from './engine/src/threads/worker-port.ts'
window.render = async ({ data, job, order, draws, batchSize }) => {
  let asked = 0
  const spawn = () => {
    const port = pagePort(new Worker('./engine/dist/render-worker.js', { type: 'module' }))
    const post = (request) => {
      asked += request.type === 'render'
      port.post(request)
    }
    return { ...port, post }
  }
  const images = Uint8Array.from(data.images)
  const reader = new AugmentedReader({ ...pageThreads, spawn }, { ...data, images }, job)
  await reader.settled
  // JSON has no NaN.
  const numbers = Float64Array.from(draws, (value) => value ?? NaN)
  const next = reader.batches({ order: Uint32Array.from(order), draws: numbers, batchSize })
  const pixels = []
  for (let from = 0; from < order.length; from += batchSize) pixels.push(...(await next()))
  await reader.dispose()
  return { asked, pixels }
}`

let pages: Pages
let browser: Browser
beforeAll(async () => {
  pages = await servePages(PAGE)
  browser = await startBrowser(['--disable-gpu'])
}, 60_000)
afterAll(async () => {
  await browser?.close()
  pages?.close()
})

test.each([
  ['isolated', 4],
  ['plain', 4],
  ['refusing', 0],
] as const)('a(n) %s page renders %d of 4 batches on workers, to the bits of the reference', async (kind, asked) => {
  const { page, problems } = await openPage(browser, `${pages.origin}/${kind}/page.html`, 'render')
  const data = samples()
  const input = { shape: data.shape, scale: 1 / 255, offset: 0 }
  const augment = { ...plainAugmentation, fillMode: 'wrap', changesBrightness: true } as const
  const order = Uint32Array.from({ length: 30 }, (_, i) => (i * 13) % data.length)
  const draws = randomDraws(2, order.length, data.shape, 0.3)
  draws[8] = 0.75
  const given = { data: { ...data, images: [...data.images] }, job: { input, augment }, batchSize: 8 }
  const result = await page.evaluate(`render(${JSON.stringify({ ...given, order: [...order], draws: [...draws] })})`)
  const renderer = new ImageRenderer(data.shape, augment, byteValues(input))
  const pixels = [...renderImages(renderer, sizeOf(data.shape), data.images, order, draws)]
  expect(result).toEqual({ asked, pixels })
  if (kind !== 'refusing') expect(problems).toEqual([])
  await page.close()
})
