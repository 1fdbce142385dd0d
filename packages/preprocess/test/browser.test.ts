/*
 * The browser's own decoders, in a real Chromium: they must give the very pixels that Node and Pillow give, those of turned
 * and of half transparent images too. The Chromium comes from npm; linux-x64 only.
 */
import { readFile } from 'node:fs/promises'
import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeImage } from '../src/decode-image.node.ts'
import { pillow, sample } from './samples.node.ts'

let browser: Browser
let page: Page

const PAGE = `<!doctype html>
<script type="importmap">{ "imports": { "@gicho/core": "./core/dist/index.js" } }</script>
<script type="module">
import { decodeImage } from './preprocess/dist/index.js'
window.decode = async (file, where) => {
  try {
    const image = await decodeImage(Uint8Array.from(file), where)
    return { ...image, pixels: [...image.pixels] }
  } catch (error) {
    return { name: error.name, code: error.code, message: error.message }
  }
}
</script>`

/** The built default entry, in a page of a site that this file answers for. */
beforeAll(async () => {
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu'],
    headless: true,
  })
  page = await browser.newPage()
  await page.route('**', async (route) => {
    const { pathname } = new URL(route.request().url())
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: PAGE })
    const body = await readFile(new URL(`../..${pathname}`, import.meta.url)).catch(() => undefined)
    return body === undefined ? route.abort() : route.fulfill({ contentType: 'text/javascript', body })
  })
  await page.goto('http://gicho.test/')
  await page.waitForFunction('"decode" in window', undefined, { timeout: 10_000 })
}, 60_000)

afterAll(() => browser?.close())

async function inPage(file: Uint8Array, where = 'image'): Promise<unknown> {
  return page.evaluate(`decode(${JSON.stringify([...file])}, ${JSON.stringify(where)})`)
}

/** Pixels of any channels as opaque RGBA, as a browser gives them. */
function asRgba(pixels: Uint8Array, channels: number): number[] {
  return Array.from({ length: pixels.length / channels }, (_, i) => i * channels).flatMap((at) => {
    const alpha = channels % 2 === 0 ? (pixels[at + channels - 1] ?? 255) : 255
    const colour = channels < 3 ? [0, 0, 0] : [0, 1, 2]
    return [...colour.map((c) => pixels[at + c] ?? 0), alpha]
  })
}

// Chromium rounds 16 bits to 8 in its own way, and a palette's transparent colours have an alpha that Node leaves out.
const alike = pillow.images.map(({ file }) => file).filter((file) => !/16-bits|palette-4-bits/.test(file))

test.each(alike)('%s has the same pixels in a page as in Node', async (name) => {
  const { pixels, channels, ...image } = await decodeImage(sample(name))
  expect(await inPage(sample(name))).toEqual({ ...image, channels: 4, pixels: asRgba(pixels, channels) })
})

test('what is refused in Node is refused in a page, with the same words', async () => {
  const truncated = sample('420.jpg').subarray(0, 400)
  for (const file of [truncated, sample('picture.gif'), sample('cmyk.jpg'), sample('animation.webp')]) {
    const here: unknown = await decodeImage(file, 'a.png').catch((error: unknown) => error)
    if (!(here instanceof Error && 'code' in here)) throw new Error('was accepted')
    expect(await inPage(file, 'a.png')).toEqual({ name: 'GichoError', code: here.code, message: here.message })
  }
})

test('what the browser cannot decode is refused as damaged', async () => {
  const damaged = sample('lossy.webp')
  damaged.fill(0, 20, 24)
  expect(await inPage(damaged, 'a.webp')).toMatchObject({
    name: 'GichoError',
    code: 'bad-data',
    message: expect.stringContaining('a.webp: expected a whole WebP image, got a damaged one: '),
  })
})
