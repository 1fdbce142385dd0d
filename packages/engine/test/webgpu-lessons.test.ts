/* The lessons' networks on a software GPU: the CPU target's steps, few dispatches, few bytes from the host, no memory read unwritten. */
import { type Engine, type ImageDataset, type NamedArray, sgd, type TrainingJob, unitRange } from '@gicho/core'
import { expect, test, vi } from 'vitest'
import { wasmEngine } from '../dist/wasm.node.js'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { plainAugmentation, randomDraws } from './augmented-input.ts'
import { lessonLayers } from './lesson-layers.ts'
import { distance, jobFor, rows } from './samples.ts'
import { softwareDevice } from './software-webgpu.ts'
import { drawnSpec, images, withSession } from './wasm-samples.ts'
import { watchedDevice } from './watched-device.ts'

// A software GPU on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const device = await softwareDevice()
const gpu = webgpuEngine({ device })
const cpu = wasmEngine({ threads: 1 })
const STATES = [1, 2, 3, 4, 5]

interface Lesson {
  readonly job: TrainingJob
  readonly data: ImageDataset
  readonly weights: readonly (readonly NamedArray[])[]
  readonly draws?: Float64Array
}

/** A lesson with its weights in each of the five states. The slot of SGD's momentum after a first step is its gradient. */
async function lesson(number: 1 | 3 | 4, batchSize: number, steps = 1): Promise<Lesson> {
  const shape = number === 1 ? [784] : [28, 28, 1]
  const specs = await Promise.all(STATES.map((seed) => drawnSpec(shape, lessonLayers(number), seed)))
  const [first] = specs
  if (!first) throw new Error('no state')
  const weights = specs.map((spec) => spec.weights)
  const data = images([28, 28, 1], batchSize * steps, number === 1 ? 10 : 24)
  const augment = number === 4 ? { augment: plainAugmentation } : {}
  const job = jobFor(first, { optimizer: sgd({ momentum: 0.9 }), batchSize, input: unitRange(shape), ...augment })
  return { job, data, weights, ...(number === 4 ? { draws: randomDraws(4, batchSize * steps, data.shape, 0.1) } : {}) }
}

/** Weights and gradients after one step from each state. */
function stepsFrom(engine: Engine, { job, data, weights, draws }: Lesson): Promise<(readonly NamedArray[])[]> {
  return withSession(engine, job, data, async (session) => {
    const zero = await session.readOptimizer()
    const after: NamedArray[][] = []
    for (const [i, state] of weights.entries()) {
      await session.writeWeights(state)
      await session.writeOptimizer(zero)
      await session.train({
        order: rows(data.length),
        firstStep: i,
        learningRate: 0.01,
        ...(draws ? { draws } : {}),
      })
      after.push([...(await session.readWeights()), ...(await session.readOptimizer())])
    }
    return after
  })
}

test.each([
  [1, 32],
  [3, 4],
  [4, 4],
] as const)(
  'lesson %d: gradients and weights after a step from five states are the CPU target’s',
  async (number, batch) => {
    const made = await lesson(number, batch)
    const [here, there] = [await stepsFrom(gpu, made), await stepsFrom(cpu, made)]
    for (const [state, arrays] of there.entries()) {
      for (const [i, { name, values }] of arrays.entries())
        expect(distance(here[state]?.[i]?.values ?? [], values), `${name}, state ${state + 1}`).toBeLessThan(1e-5)
    }
  },
)

test('lesson 4: three steps follow the CPU target’s curve', async () => {
  const made = await lesson(4, 4, 3)
  const curve = (engine: Engine): Promise<number[]> =>
    withSession(engine, made.job, made.data, async (session) => {
      const losses: number[] = []
      for (let step = 0; step < 3; step++) {
        const draws = made.draws?.subarray(step * 36, (step + 1) * 36)
        const order = Uint32Array.from({ length: 4 }, (_, i) => step * 4 + i)
        const request = { order, firstStep: step, learningRate: 0.01, ...(draws ? { draws } : {}) }
        losses.push((await session.train(request)).loss)
      }
      return losses
    })
  const [here, there] = [await curve(gpu), await curve(cpu)]
  // A step multiplies a difference of rounding by ten at most here.
  expect(distance(here, there)).toBeLessThan(1e-4)
})

test.each([
  [1, 32, 16, 10],
  [3, 4, 40, 36],
  [4, 4, 40, 36],
] as const)(
  'lesson %d: few dispatches and bytes a step, a wait a report, no unwritten memory',
  async (number, batch, most, dispatches) => {
    const steps = 3
    const { job, data, draws } = await lesson(number, batch, steps)
    const run = async (watched: GPUDevice): Promise<readonly NamedArray[]> =>
      withSession(webgpuEngine({ device: watched }), job, data, async (session) => {
        traffic.dispatches = 0
        traffic.bytes = 0
        traffic.reads = 0
        let reports = 0
        const onProgress = (): void => {
          reports++
        }
        const request = { order: rows(data.length), firstStep: 0, learningRate: 0.01, ...(draws ? { draws } : {}) }
        await session.train({ ...request, onProgress })
        // The host waits for the device where it reports, and nowhere else.
        expect(traffic.reads).toBe(reports)
        expect(traffic.dispatches / steps).toBe(dispatches)
        // A larger batch only has more rows: 4 bytes each, 52 with draws.
        expect(traffic.bytes / steps + (32 - batch) * (draws ? 52 : 4)).toBeLessThanOrEqual(2048)
        return session.readWeights()
      })
    expect(dispatches).toBeLessThanOrEqual(most)
    const { device: watched, traffic } = watchedDevice(device, { poison: true })
    const poisoned = await run(watched)
    for (const { name, values } of poisoned) expect(values.every(Number.isFinite), name).toBe(true)
    const plain = await withSession(gpu, job, data, async (session) => {
      await session.train({ order: rows(data.length), firstStep: 0, learningRate: 0.01, ...(draws ? { draws } : {}) })
      return session.readWeights()
    })
    expect(poisoned).toEqual(plain)
  },
)
