/*
 * The compiled engine in a page of a real browser: with cross-origin isolation on shared memory and threads, without it on one
 * thread. Both must give the very bits that Node gives. The Chromium comes from npm; linux-x64 only.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import { extname } from 'node:path'
import type { ImageDataset, TrainingJob } from '@gicho/core'
import { wasmEngine } from '@gicho/engine/wasm'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadGolden } from './golden.ts'
import { trainAndHash } from './train-and-hash.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.ts': 'text/javascript',
  '.html': 'text/html',
  '.json': 'application/json',
}
/** The page: the built engine, and the same work as in Node. */
const PAGE = `
import { wasmEngine } from './engine/dist/wasm.js'
import { trainAndHash } from './engine/test/train-and-hash.ts'
window.run = ({ job, train, steps }) => {
  for (const weight of job.model.weights) weight.values = Float32Array.from(weight.values)
  const set = { ...train, images: Uint8Array.from(train.images), labels: Uint8Array.from(train.labels) }
  return trainAndHash(wasmEngine({ threads: 2 }), job, { train: set }, steps)
}`
const STEPS = 5
const CLASSES = 10

/** Random digits: what is compared is arithmetic, not learning. */
function samples(): ImageDataset {
  const length = 64
  const images = Uint8Array.from({ length: length * 784 }, (_, i) => (Math.imul(i, 2654435761) >>> 24) & 255)
  const labels = Uint8Array.from({ length }, (_, i) => (i * 7) % CLASSES)
  const classNames = Array.from({ length: CLASSES }, (_, i) => String(i))
  return { images, labels, length, shape: [28, 28, 1], classNames, split: 'train', source: 'made for this test' }
}

function perceptron(): TrainingJob {
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

let server: Server
let browser: Browser
let origin = ''

beforeAll(async () => {
  const root = new URL('../../', import.meta.url)
  server = createServer(async (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    if (path.startsWith('/isolated')) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    }
    const file = path.replace(/^\/(isolated|plain)\//, '')
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'text/html')
    const map = JSON.stringify({ imports: { '@gicho/core': './core/dist/index.js' } })
    if (file === 'page.html') {
      return response.end(
        `<!doctype html><script type="importmap">${map}</script><script type="module">${PAGE}</script>`,
      )
    }
    // A worker has no import map: its only import is relative.
    const body = await readFile(new URL(file, root), 'utf8').catch(() => undefined)
    response.statusCode = body ? 200 : 404
    response.end(body && file.endsWith('.ts') ? stripTypeScriptTypes(body) : body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  origin = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu'],
    headless: true,
  })
}, 60_000)

afterAll(async () => {
  await browser?.close()
  server?.close()
})

for (const [kind, threads] of [
  ['isolated', 2],
  ['plain', 1],
] as const) {
  test(`a ${kind} page trains on ${threads} thread(s), to the bits that Node gives`, { timeout: 60_000 }, async () => {
    const page = await browser.newPage()
    const problems: string[] = []
    page.on('requestfailed', (request) => problems.push(`${request.url()}: ${request.failure()?.errorText}`))
    page.on('response', (response) => response.status() >= 400 && problems.push(response.url()))
    page.on('pageerror', (error) => problems.push(error.message))
    page.on(
      'console',
      (message) => message.type() === 'error' && !/favicon/.test(message.text()) && problems.push(message.text()),
    )
    await page.goto(`${origin}/${kind}/page.html`)
    const train = samples()
    const job = perceptron()
    const plainJob = {
      ...job,
      model: { ...job.model, weights: job.model.weights.map((weight) => ({ ...weight, values: [...weight.values] })) },
    }
    const given = {
      job: plainJob,
      train: { ...train, images: [...train.images], labels: [...train.labels] },
      steps: STEPS,
    }
    await page
      .waitForFunction('window.run', undefined, { timeout: 5000 })
      .catch(() => expect(problems).toEqual(['the page loaded']))
    const result = await page.evaluate(`run(${JSON.stringify(given)})`)
    expect(problems).toEqual([])
    const here = await trainAndHash(wasmEngine({ threads }), job, { train }, STEPS)
    expect(JSON.parse(String(result))).toEqual(JSON.parse(here))
    await page.close()
  })
}
