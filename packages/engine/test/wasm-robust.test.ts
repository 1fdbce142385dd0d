import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { rmsprop, type Session, unitRange } from '@gicho/core'
import { layers } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { wasmEngine } from '../dist/wasm.node.js'
import { makeWasmEngine } from '../src/wasm/engine.ts'
import { jobFor, network, noise, rows, smallSpec, specOf } from './samples.ts'
import { type WatchedPlatform, watchedPlatform } from './wasm-platform.ts'
import { drawnSpec, withSession } from './wasm-samples.ts'

const data = noise(40)
const long = Uint32Array.from({ length: 4_000_000 }, (_, i) => i % 40)
const request = { order: long, firstStep: 0, learningRate: 1e-3 }
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function open(watched: WatchedPlatform, options: { threads?: number } = { threads: 3 }): Promise<Session> {
  return makeWasmEngine(watched.platform, options).open(jobFor(await smallSpec()), { train: data })
}

test('a session disposed in the middle of a step says so, and its threads are gone', async () => {
  const model = await specOf(network())
  const images = noise(40, { side: 28, classes: 24 })
  const watched = watchedPlatform()
  // One step of a batch of 4,000 takes seconds.
  const job = jobFor(model, { batchSize: 4000, input: unitRange([28, 28, 1]) })
  const session = await makeWasmEngine(watched.platform, { threads: 2 }).open(job, { train: images })
  const running = session.train({ ...request, order: long.subarray(0, 8000) })
  const stopped = expect(running).rejects.toMatchObject({ code: 'disposed' })
  await pause(500)
  const began = performance.now()
  await session.dispose()
  await stopped
  await watched.allEnded()
  expect(performance.now() - began).toBeLessThan(1000)
  await expect(session.evaluate('train')).rejects.toMatchObject({ code: 'disposed' })
}, 10_000)

test.each([
  ['shared', watchedPlatform()],
  ['unshared', watchedPlatform(undefined, false)],
])(
  'a worker that dies in the middle of a run ends it with a clear error (%s memory)',
  async (_, watched) => {
    const session = await open(watched)
    const running = session.train(request)
    const failed = expect(running).rejects.toMatchObject({
      code: 'engine-failed',
      message: /^engine wasm: a worker died: .*Open a new session/,
    })
    await pause(150)
    await watched.workers.at(-1)?.terminate()
    await failed
    // The others wait at a barrier for the lost one: they are ended too.
    await watched.allEnded()
    await expect(session.train(request)).rejects.toMatchObject({ code: 'engine-failed' })
    await session.dispose()
  },
  10_000,
)

test('a worker that dies while nothing runs fails the next run', async () => {
  const watched = watchedPlatform()
  const session = await open(watched)
  await watched.workers[1]?.terminate()
  await expect(session.train({ ...request, order: rows(40) })).rejects.toMatchObject({ code: 'engine-failed' })
  await watched.allEnded()
}, 10_000)

test('a worker whose script is missing fails the opening', async () => {
  const watched = watchedPlatform('./no-such-worker.js')
  await expect(open(watched)).rejects.toMatchObject({
    code: 'engine-failed',
    message: /a worker died: Cannot find module/,
  })
  await watched.allEnded()
}, 10_000)

test.each([true, false])(
  'memory that the machine refuses is said, and the session stays usable (shared: %s)',
  async (sharedMemory) => {
    const spec = await drawnSpec(
      [64],
      [layers.dense({ units: 20_000 }), layers.dense({ units: 10, activation: 'softmax' })],
    )
    // Activations of 60,000 rows x 20,000 units: 4.8 GB, more than an arena can have.
    await withSession(
      wasmEngine({ threads: 2, sharedMemory }),
      jobFor(spec, { batchSize: 60_000 }),
      data,
      async (session) => {
        const before = await session.evaluate('train')
        await expect(session.train({ ...request, order: long.subarray(0, 60_000) })).rejects.toMatchObject({
          code: 'out-of-memory',
          message: /^engine wasm: \d+ MiB are needed .* smaller batch/,
        })
        expect(await session.evaluate('train')).toEqual(before)
        expect(await session.train({ ...request, order: rows(40) })).toMatchObject({ samples: 40, steps: 1 })
      },
    )
  },
  20_000,
)

test('a batch of more rows than a run has room for is refused', async () => {
  await withSession(
    wasmEngine({ threads: 1 }),
    jobFor(await smallSpec(), { batchSize: 100_000 }),
    data,
    async (session) => {
      await expect(session.train({ ...request, order: long.subarray(0, 100_000) })).rejects.toThrow(
        'expected batches of at most 65536 rows, got 100000',
      )
      expect(await session.train({ ...request, order: rows(40) })).toMatchObject({ samples: 40 })
    },
  )
})

test('a large dataset may be one batch', async () => {
  const large = noise(70_000, { side: 1 })
  const spec = await drawnSpec([1], [layers.dense({ units: 10, activation: 'softmax' })])
  await withSession(
    wasmEngine({ threads: 2 }),
    jobFor(spec, { batchSize: 1e9, input: unitRange([1]) }),
    large,
    async (session) => {
      const done = await session.train({ order: rows(70_000), firstStep: 0, learningRate: 1e-3 })
      expect(done).toMatchObject({ steps: 1, samples: 70_000 })
      const evaluated = await session.evaluate('train')
      expect(evaluated.samples).toBe(70_000)
      // One step of RMSprop on noise changes the loss a little.
      expect(Math.abs(evaluated.loss / done.loss - 1)).toBeLessThan(0.05)
    },
  )
})

test('a model of one layer trains', async () => {
  const spec = await drawnSpec([64], [layers.dense({ units: 10, activation: 'softmax' })])
  await withSession(wasmEngine({ threads: 3 }), jobFor(spec), data, async (session) => {
    const first = await session.train({ order: rows(40), firstStep: 0, learningRate: 1e-2 })
    const last = await session.train({ order: long.subarray(0, 4000), firstStep: 3, learningRate: 1e-2 })
    expect(last.loss / 100).toBeLessThan(first.loss)
  })
})

test('NaN stays NaN through every kind of layer', async () => {
  const spec = await specOf(network([4, 6, 5], 8))
  const images = noise(8, { side: 28, classes: 24 })
  const input = { shape: [28, 28, 1], scale: Number.NaN, offset: 0 }
  for (const relaxedSimd of [true, false]) {
    await withSession(wasmEngine({ threads: 2, relaxedSimd }), jobFor(spec, { input }), images, async (session) => {
      expect((await session.train({ order: rows(8), firstStep: 0, learningRate: 1e-3 })).loss).toBeNaN()
      expect((await session.evaluate('train')).loss).toBeNaN()
    })
  }
})

test('memory stays as it is over a thousand steps', async () => {
  const watched = watchedPlatform()
  const spec = await specOf(network([8, 6, 4], 16))
  const images = noise(40, { side: 28, classes: 24 })
  const job = jobFor(spec, { input: unitRange([28, 28, 1]), optimizer: rmsprop() })
  const session = await makeWasmEngine(watched.platform, { threads: 2 }).open(job, { train: images })
  const steps = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += 100)
      await session.train({ order: long.subarray(0, 1600), firstStep: done, learningRate: 1e-3 })
  }
  await steps(300)
  const before = { arena: watched.memoryBytes(), rss: process.memoryUsage().rss }
  expect(before.arena).toBeGreaterThan(1e6)
  await steps(1000)
  expect(watched.memoryBytes()).toBe(before.arena)
  // Garbage of the test runner itself comes and goes; a leak of one batch a step would be 50 MB.
  expect(process.memoryUsage().rss - before.rss).toBeLessThan(30e6)
  await session.dispose()
}, 30_000)

const runFile = promisify(execFile)
const script = fileURLToPath(new URL('./wasm-exit.ts', import.meta.url))

test.each(['idle', 'disposed', 'running'])(
  'a process ends by itself: %s',
  async (what) => {
    const { stdout } = await runFile(process.execPath, ['--experimental-strip-types', '--no-warnings', script, what], {
      timeout: 15_000,
    })
    expect(stdout.trim()).toBe('end')
  },
  20_000,
)
