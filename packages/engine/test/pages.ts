/* Pages of a real browser, served from the built packages: the Chromium comes from npm; linux-x64 only. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import { extname } from 'node:path'
import type { ImageDataset, TrainingJob } from '@gicho/core'
import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { expect } from 'vitest'
import { loadGolden } from './golden.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.ts': 'text/javascript',
  '.html': 'text/html',
  '.json': 'application/json',
}
const CLASSES = 10

/** Random digits: what is compared is arithmetic, not learning. */
export function samples(): ImageDataset {
  const length = 64
  const images = Uint8Array.from({ length: length * 784 }, (_, i) => (Math.imul(i, 2654435761) >>> 24) & 255)
  const labels = Uint8Array.from({ length }, (_, i) => (i * 7) % CLASSES)
  const classNames = Array.from({ length: CLASSES }, (_, i) => String(i))
  return { images, labels, length, shape: [28, 28, 1], classNames, split: 'train', source: 'made for this test' }
}

export function perceptron(): TrainingJob {
  const layer = (name: string, units: number, activation: string, first: object = {}) => ({
    class_name: 'Dense',
    config: { name, units, activation, use_bias: true, ...first },
  })
  const layers = [
    layer('dense_1', 512, 'relu', { batch_input_shape: [null, 784] }),
    layer('dense_2', 512, 'relu'),
    layer('dense_3', CLASSES, 'softmax'),
  ]
  return {
    model: {
      topology: { class_name: 'Sequential', config: { layers } },
      weights: loadGolden('lesson1-rmsprop').initialWeights(),
    },
    loss: 'categoricalCrossentropy',
    optimizer: { name: 'rmsprop', learningRate: 1e-3, rho: 0.9, epsilon: 1e-7, epsilonMode: 'keras3' },
    batchSize: 32,
    seed: 0,
    input: { shape: [784], scale: 1 / 255, offset: 0 },
  }
}

/** A server of the built packages and of one page; under /isolated/ pages may share memory, under /refusing/ start no workers,
 * under /strict/ compile no WebAssembly. */
export interface Pages {
  readonly origin: string
  close(): void
}

/** Serves `page.html` with a module that may import './engine/dist/…' and '@gicho/core'. */
export async function servePages(script: string): Promise<Pages> {
  const root = new URL('../../', import.meta.url)
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    if (path.startsWith('/isolated')) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    }
    if (path.startsWith('/strict')) response.setHeader('Content-Security-Policy', "script-src 'self' 'unsafe-inline'")
    if (path.startsWith('/refusing')) response.setHeader('Content-Security-Policy', "worker-src 'none'")
    const file = path.replace(/^\/(isolated|plain|refusing|strict)\//, '')
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'text/html')
    const map = JSON.stringify({ imports: { '@gicho/core': './core/dist/index.js' } })
    if (file === 'page.html') {
      return response.end(
        `<!doctype html><script type="importmap">${map}</script><script type="module">${script}</script>`,
      )
    }
    // A worker has no import map: its imports are relative.
    const body = await readFile(new URL(file, root), 'utf8').catch(() => undefined)
    response.statusCode = body ? 200 : 404
    response.end(body && file.endsWith('.ts') ? stripTypeScriptTypes(body) : body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const origin = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`
  return { origin, close: () => void server.close() }
}

/** Starts the browser. */
export async function startBrowser(args: readonly string[]): Promise<Browser> {
  const executablePath = await chromium.executablePath()
  return playwright.launch({ executablePath, args: ['--no-sandbox', '--no-zygote', ...args], headless: true })
}

/** Opens a page, and waits until its script has set `window[ready]`; gives what went wrong in it so far. */
export async function openPage(
  browser: Browser,
  url: string,
  ready: string,
): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage()
  const problems: string[] = []
  page.on('requestfailed', (request) => problems.push(`${request.url()}: ${request.failure()?.errorText}`))
  page.on('response', (response) => response.status() >= 400 && problems.push(response.url()))
  page.on('pageerror', (error) => problems.push(error.message))
  page.on(
    'console',
    (message) => message.type() === 'error' && !/favicon/.test(message.text()) && problems.push(message.text()),
  )
  await page.goto(url)
  await page
    .waitForFunction(`window.${ready}`, undefined, { timeout: 5000 })
    .catch(() => expect(problems).toEqual(['the page loaded']))
  return { page, problems }
}

/** Opens a page, calls its `run` with the perceptron, and gives what that says; a page with problems fails the test. */
export async function runPage(browser: Browser, url: string, steps: number): Promise<unknown> {
  const { page, problems } = await openPage(browser, url, 'run')
  const train = samples()
  const job = perceptron()
  const weights = job.model.weights.map((weight) => ({ ...weight, values: [...weight.values] }))
  const given = {
    job: { ...job, model: { ...job.model, weights } },
    train: { ...train, images: [...train.images], labels: [...train.labels] },
    steps,
  }
  const result = await page.evaluate(`run(${JSON.stringify(given)})`)
  expect(problems).toEqual([])
  await page.close()
  return JSON.parse(String(result))
}

/** The script of a page whose `run` trains on an engine. */
export function pageScript(entry: string, engine: string): string {
  return `
import * as engines from './engine/dist/${entry}.js'
import { trainAndHash } from './engine/test/train-and-hash.ts'
window.run = ({ job, train, steps }) => {
  for (const weight of job.model.weights) weight.values = Float32Array.from(weight.values)
  const set = { ...train, images: Uint8Array.from(train.images), labels: Uint8Array.from(train.labels) }
  return trainAndHash(engines.${engine}, job, { train: set }, steps)
}`
}
