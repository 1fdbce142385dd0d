/* Every layer, activation, loss, penalty and optimizer besides the lessons': a step of it is the CPU target's. */
import { adam, adamw, type Engine, type ModelSpec, type NamedArray, rmsprop, sgd } from '@gicho/core'
import { constraints, input, layers, regularizers } from '@tensorflow/tfjs-layers'
import { expect, test, vi } from 'vitest'
import { wasmEngine } from '../dist/wasm.node.js'
import { readModel } from '../src/tfjs/weights.ts'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { distance, jobFor, noise, rows, smallSpec } from './samples.ts'
import { functional, seededWeights } from './side-by-side.ts'
import { softwareDevice } from './software-webgpu.ts'
import { drawnSpec, images, type Layer, oneStep, stepJob, withSession } from './wasm-samples.ts'

vi.setConfig({ testTimeout: 120_000 })

const gpu = webgpuEngine({ device: await softwareDevice() })
const cpu = wasmEngine({ threads: 1 })
const SHAPE = [7, 6, 3] as const

async function expectLikeCpu(spec: ModelSpec): Promise<void> {
  const data = images(SHAPE, 4, 5)
  const job = stepJob(spec, data, { optimizer: sgd({ momentum: 0.9 }) })
  expect(gpu.supports(job)).toEqual([])
  const [here, there] = [await oneStep(gpu, job, data, 0.5), await oneStep(cpu, job, data, 0.5)]
  expect(here.correct).toBe(there.correct)
  expect(Math.abs(here.loss / there.loss - 1)).toBeLessThan(1e-5)
  for (const [i, { name, values }] of there.weights.entries())
    expect(distance(here.weights[i]?.values ?? [], values), name).toBeLessThan(1e-5)
  // After a step of rate 1/2, which multiplies the rounding of its gradients.
  expect(distance(here.outputs, there.outputs)).toBeLessThan(1e-4)
  expect(Math.abs(here.evaluated / there.evaluated - 1)).toBeLessThan(1e-4)
}

const conv = (filters: number): Layer => layers.conv2d({ filters, kernelSize: 3, padding: 'same' })
const end = (): Layer[] => [layers.flatten(), layers.dense({ units: 5, activation: 'softmax' })]

test.each<[string, () => Layer[]]>([
  ['average pools', () => [layers.averagePooling2d({ poolSize: [3, 2], strides: [2, 1], padding: 'same' })]],
  ['a global average', () => [layers.globalAveragePooling2d({}), layers.reshape({ targetShape: [1, 1, 5] })]],
  ['a global maximum', () => [layers.globalMaxPooling2d({}), layers.reshape({ targetShape: [5, 1, 1] })]],
  [
    'zeros around',
    () => [
      layers.zeroPadding2d({
        padding: [
          [1, 2],
          [0, 1],
        ],
      }),
      layers.reLU(),
    ],
  ],
  ['repeated pixels', () => [layers.upSampling2d({ size: [2, 3] }), conv(4)]],
  ['noise', () => [layers.gaussianNoise({ stddev: 0.5 }), conv(4)]],
  [
    'normalized pixels',
    () => [layers.layerNormalization(), layers.reLU(), layers.layerNormalization({ scale: false })],
  ],
  ['each channel by itself', () => [layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' })]],
  [
    'several outputs a channel, with strides',
    () => [layers.depthwiseConv2d({ kernelSize: [2, 3], depthMultiplier: 2, strides: [2, 2], activation: 'relu' })],
  ],
  ['a separable convolution', () => [layers.separableConv2d({ filters: 6, kernelSize: 3, useBias: false })]],
  [
    'penalties',
    () => [
      layers.conv2d({
        filters: 4,
        kernelSize: 3,
        kernelRegularizer: regularizers.l1l2({ l1: 0.01, l2: 0.02 }),
        biasRegularizer: regularizers.l2({ l2: 0.03 }),
      }),
    ],
  ],
  [
    'largest norms',
    () => [
      layers.flatten(),
      layers.dense({
        units: 9,
        kernelConstraint: constraints.maxNorm({ maxValue: 0.5, axis: 0 }),
        biasConstraint: constraints.maxNorm({ maxValue: 0.1, axis: 0 }),
      }),
      layers.reshape({ targetShape: [3, 3, 1] }),
    ],
  ],
  ['another shape', () => [layers.reshape({ targetShape: [5, 6, 7] }), conv(4)]],
])('%s', async (_, list) => {
  await expectLikeCpu(await drawnSpec(SHAPE, [conv(5), ...list(), ...end()]))
})

test.each(['relu6', 'elu', 'selu', 'sigmoid', 'hardSigmoid', 'tanh', 'softplus', 'swish', 'softmax'] as const)(
  'the activation %s',
  async (activation) => {
    await expectLikeCpu(await drawnSpec(SHAPE, [conv(5), layers.activation({ activation }), ...end()]))
  },
)

test('a leaky relu', async () => {
  await expectLikeCpu(await drawnSpec(SHAPE, [conv(5), layers.leakyReLU({ alpha: 0.2 }), conv(4), ...end()]))
})

test('branches that are added and joined, along each axis', async () => {
  for (const axis of [1, 2, 3]) {
    const start = input({ shape: [...SHAPE] })
    const [one, other] = [conv(5).apply(start), conv(5).apply(start)]
    const sum = layers.add().apply([one, other] as Parameters<Layer['apply']>[0])
    const joined = layers.concatenate({ axis }).apply([sum, other, one] as Parameters<Layer['apply']>[0])
    let last = joined
    for (const layer of end()) last = layer.apply(last)
    const model = functional(start, last)
    const spec = await readModel(model)
    model.dispose()
    await expectLikeCpu({ ...spec, weights: seededWeights(spec.weights) })
  }
})

test('whole channels dropped', async () => {
  const spec = await drawnSpec(SHAPE, [conv(5), layers.dropout({ rate: 0.4, name: 'drop' }), conv(4), ...end()])
  // tfjs-layers has no such layer: the topology is renamed.
  const topology = JSON.parse(JSON.stringify(spec.topology).replace('"Dropout"', '"SpatialDropout2D"'))
  await expectLikeCpu({ ...spec, topology })
})

test.each([
  ['binaryCrossentropy', 'sigmoid', 0.1],
  ['meanSquaredError', 'linear', 0],
  ['meanAbsoluteError', 'linear', 0],
  ['categoricalCrossentropy', 'softmax', 0.1],
] as const)('the loss %s', async (loss, activation, labelSmoothing) => {
  const data = images(SHAPE, 4, 5)
  const spec = await drawnSpec(SHAPE, [layers.flatten(), layers.dense({ units: 5, activation })])
  const job = stepJob(spec, data, { loss, labelSmoothing })
  const [here, there] = [await oneStep(gpu, job, data, 0.5), await oneStep(cpu, job, data, 0.5)]
  expect(Math.abs(here.loss / there.loss - 1)).toBeLessThan(1e-5)
  expect(here.correct).toBe(there.correct)
  for (const [i, { name, values }] of there.weights.entries())
    expect(distance(here.weights[i]?.values ?? [], values), name).toBeLessThan(1e-5)
  expect(distance(here.outputs, there.outputs)).toBeLessThan(1e-4)
})

test.each([
  ['nesterov', sgd({ momentum: 0.9, nesterov: true })],
  ['adamw', adamw()],
  ['adam with the epsilon of tfjs', adam({ epsilon: 1e-3, epsilonMode: 'tfjs' })],
  ['centered', rmsprop({ centered: true })],
  ['with momentum', rmsprop({ momentum: 0.9, epsilonMode: 'tf2' })],
  ['with both', rmsprop({ centered: true, momentum: 0.9 })],
  ['clipped and accumulated', adam({ globalClipNorm: 0.05, accumulationSteps: 2 })],
])('the optimizer %s', async (_, optimizer) => {
  const data = { ...noise(64) }
  const job = jobFor(await smallSpec(), { optimizer })
  const after = (engine: Engine): Promise<NamedArray[]> =>
    withSession(engine, job, data, async (session) => {
      await session.train({ order: rows(64), firstStep: 0, learningRate: 1e-3 })
      return [...(await session.readWeights()), ...(await session.readOptimizer())]
    })
  const there = await after(cpu)
  // Four steps, whose first divide gradients by their own size.
  for (const [i, { name, values }] of (await after(gpu)).entries())
    expect(distance(values, there[i]?.values ?? []), name).toBeLessThan(1e-4)
})
