/*
 * Workers in a page of a real browser: with cross-origin isolation on shared memory, without it each with memory of its own. The
 * compiled engine, and the eager one's rendering of augmented batches, must give the very bits that Node gives, also where the page
 * refuses workers for the latter. The Chromium comes from npm; linux-x64 only.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import { extname } from 'node:path'
import { type ImageDataset, ImageRenderer, renderImages, sizeOf, type TrainingJob } from '@gicho/core'
import { wasmEngine } from '@gicho/engine/wasm'
import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byteValues } from '../src/session/byte-values.ts'
import { plainAugmentation, randomDraws } from './augmented-input.ts'
import { loadGolden } from './golden.ts'
import { trainAndHash } from './train-and-hash.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.ts': 'text/javascript',
  '.html': 'text/html',
  '.json': 'application/json',
}
/** The page: the built engine and the built worker, and the same work as in Node. */
const PAGE = `
import { wasmEngine } from './engine/dist/wasm.js'
import { AugmentedReader } from './engine/src/tfjs/augmented-reader.ts'
import { pagePort, pageThreads } from './engine/src/threads/worker-port.ts'
import { trainAndHash } from './engine/test/train-and-hash.ts'
window.run = ({ job, train, steps }) => {
  for (const weight of job.model.weights) weight.values = Float32Array.from(weight.values)
  const set = { ...train, images: Uint8Array.from(train.images), labels: Uint8Array.from(train.labels) }
  return trainAndHash(wasmEngine({ threads: 2 }), job, { train: set }, steps)
}
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
    if (path.startsWith('/refusing')) response.setHeader('Content-Security-Policy', "worker-src 'none'")
    const file = path.replace(/^\/(isolated|plain|refusing)\//, '')
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'text/html')
    const map = JSON.stringify({ imports: { '@gicho/core': './core/dist/index.js' } })
    if (file === 'page.html') {
      return response.end(
        `<!doctype html><script type="importmap">${map}</script><script type="module">${PAGE}</script>`,
      )
    }
    // A worker has no import map: its imports are relative.
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

/** A page of a kind, and what went wrong in it so far. */
async function openPage(kind: string): Promise<{ page: Page; problems: string[] }> {
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
  await page
    .waitForFunction('window.render', undefined, { timeout: 5000 })
    .catch(() => expect(problems).toEqual(['the page loaded']))
  return { page, problems }
}

for (const [kind, threads] of [
  ['isolated', 2],
  ['plain', 1],
] as const) {
  test(`a ${kind} page trains on ${threads} thread(s), to the bits that Node gives`, { timeout: 60_000 }, async () => {
    const { page, problems } = await openPage(kind)
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
    const result = await page.evaluate(`run(${JSON.stringify(given)})`)
    expect(problems).toEqual([])
    const here = await trainAndHash(wasmEngine({ threads }), job, { train }, STEPS)
    expect(JSON.parse(String(result))).toEqual(JSON.parse(here))
    await page.close()
  })
}

for (const [kind, asked] of [
  ['isolated', 4],
  ['plain', 4],
  ['refusing', 0],
] as const) {
  test(`a ${kind} page renders ${asked} of 4 batches on workers, to the bits of the reference`, async () => {
    const { page, problems } = await openPage(kind)
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
}
