/* Activations and gradients as 16-bit floats, on a software GPU: float32's steps but for their rounding, in half of the memory. */
import { type Engine, type NamedArray, sgd, type TrainingJob, unitRange } from '@gicho/core'
import { layers } from '@tensorflow/tfjs-layers'
import { expect, test, vi } from 'vitest'
import { compileForGpu } from '../src/webgpu/compile.ts'
import { GpuPlanMaker } from '../src/webgpu/plan-maker.ts'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { describeEngine } from './contract.ts'
import { lessonLayers } from './lesson-layers.ts'
import { distance, jobFor, rows } from './samples.ts'
import { softwareDevice } from './software-webgpu.ts'
import { drawnSpec, images, type Layer, withSession } from './wasm-samples.ts'
import { watchedDevice } from './watched-device.ts'

// A software GPU on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const { device } = watchedDevice(await softwareDevice(), { poison: true })
const half = webgpuEngine({ device, storage: 'float16' })
const full = webgpuEngine({ device })

describeEngine('webgpu, tensors as float16', () => half)

const conv = (filters: number): Layer =>
  layers.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false, activation: 'relu' })

/** Every kernel that reads or writes activations. */
const everyKernel = (): Layer[] => [
  conv(6),
  layers.batchNormalization(),
  layers.maxPooling2d({ poolSize: 2 }),
  layers.dropout({ rate: 0.2 }),
  layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
  layers.layerNormalization(),
  layers.activation({ activation: 'swish' as 'relu' }),
  layers.maxPooling2d({ poolSize: 3, strides: 1, padding: 'same' }),
  layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
  layers.zeroPadding2d({ padding: 1 }),
  layers.upSampling2d({ size: [2, 2] }),
  layers.gaussianNoise({ stddev: 0.1 }),
  layers.activation({ activation: 'softmax' }),
  conv(5),
  layers.reshape({ targetShape: [8, 10, 20] }),
  layers.activation({ activation: 'sigmoid' }),
  conv(9),
  layers.globalMaxPooling2d({}),
  layers.dense({ units: 11, activation: 'tanh' }),
  layers.dense({ units: 10, activation: 'softmax' }),
]

async function jobOf(shape: readonly [number, number, number], list: Layer[], batchSize: number): Promise<TrainingJob> {
  // The slot of SGD's momentum after a first step is its gradient.
  const optimizer = sgd({ momentum: 0.9 })
  return jobFor(await drawnSpec(shape, list), { optimizer, batchSize, input: unitRange(shape) })
}

function step(engine: Engine, job: TrainingJob): Promise<{ loss: number; arrays: readonly NamedArray[] }> {
  const [height = 1, width = 1, depth = 1] = job.input.shape
  const data = images([height, width, depth], job.batchSize, 10)
  return withSession(engine, job, data, async (session) => {
    const { loss } = await session.train({ order: rows(data.length), firstStep: 0, learningRate: 0.01 })
    return { loss, arrays: [...(await session.readWeights()), ...(await session.readOptimizer())] }
  })
}

test.each([
  ['every kernel', [12, 16, 2], everyKernel],
  ['lesson 3', [28, 28, 1], () => lessonLayers(3)],
] as const)('%s: a step is float32’s but for rounding', async (_, shape, list) => {
  const job = await jobOf(shape, list(), 4)
  const [here, there] = [await step(half, job), await step(full, job)]
  expect(here.loss).not.toBe(there.loss)
  // 11 bits round to 2^-12 of a value; gradients that are small differences of large ones multiply that.
  expect(Math.abs(here.loss / there.loss - 1)).toBeLessThan(1e-3)
  for (const [i, { name, values }] of there.arrays.entries()) {
    expect(distance(here.arrays[i]?.values ?? [], values), name).toBeLessThan(0.05)
  }
})

test('lesson 3 at a batch of 1,024 takes half of the memory', async () => {
  const job = await jobOf([28, 28, 1], lessonLayers(3), 1024)
  const bytesOf = (halfTensors: boolean): number => {
    const maker = new GpuPlanMaker(job, compileForGpu(job), 1024, halfTensors)
    maker.placeData('train', [28, 28, 1])
    maker.make('train', 'train', 1024, false)
    return maker.bytes + maker.halfBytes
  }
  expect(bytesOf(true) / bytesOf(false)).toBeLessThan(0.55)
})

test('what is larger than float16 holds becomes its largest value, and NaN stays NaN', async () => {
  const job = await jobOf(
    [2, 2, 1],
    [
      layers.conv2d({ filters: 4, kernelSize: 1 }),
      layers.flatten(),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
    2,
  )
  const large = (factor: number): TrainingJob => ({
    ...job,
    model: { ...job.model, weights: job.model.weights.map((w) => ({ ...w, values: w.values.map((v) => v * factor) })) },
  })
  expect((await step(half, large(1e5))).loss).toBeLessThan(Number.POSITIVE_INFINITY)
  expect((await step(half, large(Number.NaN))).loss).toBeNaN()
})
