import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import '@tensorflow/tfjs-backend-cpu'
import {
  type Augmentation,
  DRAW_NUMBERS,
  fillModes,
  ImageRenderer,
  type NamedArray,
  renderImages,
  type Session,
  sgd,
  sizeOf,
} from '@gicho/core'
import { tfjsEngine } from '@gicho/engine/tfjs'
import { expect, test } from 'vitest'
import { byteValues } from '../src/session/byte-values.ts'
import { AugmentedReader } from '../src/tfjs/augmented-reader.ts'
import { nodeDrivers } from '../src/tfjs/drivers.node.ts'
import { makeEngine } from '../src/tfjs/engine.ts'
import type { RenderAnswer, RenderRequest } from '../src/tfjs/render-worker.ts'
import { plainAugmentation, randomDraws } from './augmented-input.ts'
import { jobFor, smallSpec } from './samples.ts'
import { images } from './wasm-samples.ts'
import { type WatchedWorkers, watchedWorkers } from './watched-workers.ts'

type Watched = WatchedWorkers<RenderRequest, RenderAnswer>

const SCRIPT = '../dist/render-worker.node.js'
const watch = (options = {}, script = SCRIPT): Watched => watchedWorkers(script, options)
const renders = ({ requests }: Watched): number => requests.filter(({ type }) => type === 'render').length

/** Rotations, zooms, shifts and flips, and for some rows a channel shift, a factor of brightness or both. */
function allKinds(count: number, shape: readonly [number, number, number]): Float64Array {
  const draws = randomDraws(5, count, shape, 0.4)
  for (let i = 0; i < count; i++) {
    if (i % 3 !== 0) draws[i * DRAW_NUMBERS + 7] = ((i % 7) - 3) / 10
    if (i % 4 !== 0) draws[i * DRAW_NUMBERS + 8] = 0.4 + (i % 5) / 4
  }
  return draws
}

/** Ends each image at the mean 0: a function, which no message carries. */
function centred(image: Float32Array): Float32Array {
  const mean = image.reduce((total, value) => total + value, 0) / image.length
  return image.map((value) => value - mean)
}

test.each(
  fillModes.flatMap((fillMode) =>
    ([1, 3] as const).flatMap((channels) => [true, false].map((shared) => ({ fillMode, channels, shared }))),
  ),
)('workers give the bits of the reference, in order: %o', async ({ fillMode, channels, shared }) => {
  const shape = [9, 7, channels] as const
  const size = sizeOf(shape)
  const data = images(shape, 30, 2)
  const augment: Augmentation = {
    fillMode,
    cval: 0.375,
    brightnessMode: channels === 3 ? 'keras' : 'smooth',
    shiftsChannels: true,
    changesBrightness: true,
    ...(shared ? { standardize: centred } : {}),
  }
  const input = { shape, scale: 1 / 255, offset: 0.125 }
  const order = Uint32Array.from({ length: 93 }, (_, i) => (i * 11) % 30)
  const draws = allKinds(order.length, shape)
  const renderer = new ImageRenderer(shape, augment, byteValues(input))
  const expected = renderImages(renderer, size, data.images, order, draws)
  if (shared)
    for (let at = 0; at < expected.length; at += size) expected.set(centred(expected.slice(at, at + size)), at)

  const watched = watch({ shared, cores: 4 })
  const reader = new AugmentedReader(watched.platform, data, { input, augment })
  await reader.settled
  const next = reader.batches({ order, draws, batchSize: 4 })
  const seen: number[] = []
  for (let batch = 0; batch < 24; batch++) {
    seen.push(...(await next()))
    expect(renders(watched)).toBe(Math.min(24, batch + 9))
  }
  expect(Float32Array.from(seen)).toEqual(expected)
  expect(watched.workers).toHaveLength(3)
  await reader.dispose()
  await watched.allEnded()
})

test.each([
  [1, 1],
  [2, 1],
  [5, 4],
  [64, 4],
])('a machine of %i cores has %i workers, which have ended when the reader is disposed', async (cores, workers) => {
  const watched = watch({ cores })
  const data = images([4, 4, 1], 4, 2)
  const input = { shape: data.shape, scale: 1, offset: 0 }
  const reader = new AugmentedReader(watched.platform, data, { input, augment: plainAugmentation })
  expect(watched.workers).toHaveLength(workers)
  await reader.dispose()
  await watched.allEnded()
})

const data = images([8, 8, 1], 40, 10)
const order = Uint32Array.from({ length: 1000 }, (_, i) => (i * 7) % 40)
const request = { order, firstStep: 0, learningRate: 0.05, draws: allKinds(order.length, data.shape) }
const long = {
  ...request,
  order: new Uint32Array(400_000),
  draws: randomDraws(1, 400_000, data.shape, 0.1),
}

async function open(watched: Watched, backend: 'cpu' | 'wasm' = 'cpu'): Promise<Session> {
  const augment = { ...plainAugmentation, shiftsChannels: true, changesBrightness: true, standardize: centred }
  const job = jobFor(await smallSpec(), { optimizer: sgd(), augment })
  return makeEngine(nodeDrivers, watched.platform, { backend }).open(job, { train: data })
}

/** The weights after a training by these workers, or by none. */
async function trained(watched: Watched, backend: 'cpu' | 'wasm' = 'cpu'): Promise<NamedArray[]> {
  const session = await open(watched, backend)
  await session.train(request)
  const weights = await session.readWeights()
  await session.dispose()
  await watched.allEnded()
  return weights
}

const refused = (): Watched => {
  const watched = watch()
  const spawn = (): never => {
    throw new Error('refused by the policy')
  }
  return { ...watched, platform: { ...watched.platform, spawn } }
}

test.each(['cpu', 'wasm'] as const)(
  'on %s a training with workers has the bits of one without, whether they are refused or their script is missing',
  async (backend) => {
    const alone = await trained(refused(), backend)
    expect(await trained(watch({}, './no-such-worker.js'), backend)).toEqual(alone)
    const watched = watch({ cores: 4 })
    const session = await open(watched, backend)
    await watched.allStarted()
    await session.train(request)
    expect(renders(watched)).toBe(63)
    expect(await session.readWeights()).toEqual(alone)
    await session.dispose()
    // And with workers that come while it trains.
    expect(await trained(watch({ shared: false }), backend)).toEqual(alone)
  },
)

test('a training that stops between two steps goes on with the right images', async () => {
  const whole = await trained(refused())
  const watched = watch({ cores: 3 })
  const session = await open(watched)
  await watched.allStarted()
  const control = new AbortController()
  const first = await session.train({ ...request, signal: control.signal, onProgress: () => control.abort() })
  expect(first.steps).toBeLessThan(63)
  const draws = request.draws.subarray(first.samples * DRAW_NUMBERS)
  await session.train({ ...request, order: order.subarray(first.samples), firstStep: first.steps, draws })
  expect(await session.readWeights()).toEqual(whole)
  await session.dispose()
})

test('a session disposed in the middle of a call says so, and its workers are gone', async () => {
  const watched = watch({ cores: 4 })
  const session = await open(watched)
  await watched.allStarted()
  const stopped = expect(session.train(long)).rejects.toMatchObject({ code: 'disposed' })
  await expect.poll(() => renders(watched)).toBeGreaterThan(20)
  await session.dispose()
  await stopped
  await watched.allEnded()
  await expect(session.train(request)).rejects.toMatchObject({ code: 'disposed' })
})

test('a session disposed while its workers start leaves none behind', async () => {
  const watched = watch({ cores: 4 })
  const session = await open(watched)
  await session.dispose()
  await watched.allEnded()
  expect(watched.workers).toHaveLength(3)
})

test('a worker that dies in the middle of a call ends it with a clear error', async () => {
  const watched = watch({ cores: 3 })
  const session = await open(watched)
  await watched.allStarted()
  const failed = expect(session.train(long)).rejects.toMatchObject({
    code: 'engine-failed',
    message: /^engine tfjs: a worker died: .*Open a new session and go on from the last weights/,
  })
  await expect.poll(() => renders(watched)).toBeGreaterThan(20)
  await watched.workers[1]?.terminate()
  await failed
  expect(await session.readWeights()).toHaveLength(4)
  await expect(session.train(request)).rejects.toMatchObject({ code: 'engine-failed' })
  await session.dispose()
  await watched.allEnded()
})

test('the built engine finds its worker’s script', async () => {
  const ends: Promise<unknown>[] = []
  const answers = new Set<string>()
  const onWorker = (worker: Worker): void => {
    ends.push(once(worker, 'exit'))
    worker.on('message', ({ type }: RenderAnswer) => answers.add(type))
  }
  process.on('worker', onWorker)
  const job = jobFor(await smallSpec(), { optimizer: sgd(), augment: plainAugmentation })
  const session = await tfjsEngine({ backend: 'cpu' }).open(job, { train: data })
  const stopped = expect(session.train(long)).rejects.toMatchObject({ code: 'disposed' })
  await expect.poll(() => [...answers]).toEqual(['started', 'pixels'])
  await session.dispose()
  await stopped
  await Promise.all(ends)
  process.off('worker', onWorker)
})
