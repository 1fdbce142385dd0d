/* The eager engine on every loss and every rule for gradients, held to the compiled one over several steps. */
import { adam, adamw, type LossName, type OptimizerConfig, rmsprop, sgd } from '@gicho/core'
import {
  constraints,
  input,
  type LayersModel,
  layers,
  type Sequential,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { readModel } from '../src/tfjs/weights.ts'
import { tfjsEngine } from '../src/tfjs.node.ts'
import { jobFor, noise, rows, smallSpec, specOf } from './samples.ts'
import { expectSame, functional } from './side-by-side.ts'

const images = [6, 5, 3] as const
const backends = ['cpu', 'wasm'] as const

/** A small network that ends as it is told. */
function network(units: number, activation: 'softmax' | 'sigmoid' | 'linear'): Sequential {
  return sequential({
    layers: [
      layers.conv2d({ filters: 5, kernelSize: 3, inputShape: [...images], activation: 'tanh' }),
      layers.flatten(),
      layers.dense({ units, activation, kernelRegularizer: 'l1l2' }),
    ],
  })
}

interface Case {
  readonly loss: LossName
  readonly units: number
  readonly activation: 'softmax' | 'sigmoid' | 'linear'
  readonly labelSmoothing?: number
  readonly classes?: number
}

const cases: readonly Case[] = [
  { loss: 'categoricalCrossentropy', units: 5, activation: 'softmax', labelSmoothing: 0.2 },
  { loss: 'sparseCategoricalCrossentropy', units: 5, activation: 'softmax' },
  { loss: 'binaryCrossentropy', units: 1, activation: 'sigmoid', classes: 2 },
  { loss: 'binaryCrossentropy', units: 1, activation: 'sigmoid', classes: 2, labelSmoothing: 0.1 },
  { loss: 'binaryCrossentropy', units: 5, activation: 'sigmoid', labelSmoothing: 0.1 },
  { loss: 'meanSquaredError', units: 1, activation: 'linear', classes: 4 },
  { loss: 'meanSquaredError', units: 5, activation: 'softmax' },
  { loss: 'meanAbsoluteError', units: 1, activation: 'linear', classes: 4 },
  { loss: 'meanAbsoluteError', units: 5, activation: 'sigmoid' },
]

/*
 * Tolerances: both engines compute in float32 and sum in another order, which is worth some 1e-6 a step; `expectSame` allows 2e-4, for
 * the changes of weights twenty times that, as they are differences of numbers a hundred times larger.
 */
describe.each(backends)('on %s', (backend) => {
  test.each(cases)('$loss of $units outputs, smoothed by $labelSmoothing', async (one) => {
    const { units, activation, classes = 5, ...job } = one
    await expectSame(network(units, activation), { images, classes, backend, ...job, steps: 5, learningRate: 0.05 })
  })

  const rules: readonly OptimizerConfig[] = [
    sgd({ clipNorm: 0.05 }),
    sgd({ clipNorm: 1e3 }),
    sgd({ globalClipNorm: 0.02, momentum: 0.9 }),
    adam({ globalClipNorm: 1e3, epsilon: 1e-3 }),
    rmsprop({ clipValue: 0.004, epsilon: 1e-3 }),
    sgd({ accumulationSteps: 2 }),
    adam({ accumulationSteps: 2, globalClipNorm: 0.05, epsilon: 1e-3 }),
    adamw({ accumulationSteps: 5, clipNorm: 0.05, epsilon: 1e-3 }),
    rmsprop({ accumulationSteps: 3, clipValue: 0.01, epsilon: 1e-3 }),
  ]
  // Five steps: with two a time the last one waits, with three the last two.
  test.each(rules)('gradients clipped and accumulated: %o', (optimizer) =>
    expectSame(network(4, 'softmax'), { images, classes: 4, backend, optimizer, steps: 5, learningRate: 0.05 }),
  )

  test('no tensor outlives its step where gradients are added up, nor the session', async () => {
    const tf = await import('@tensorflow/tfjs-core')
    const job = jobFor(await smallSpec(), { optimizer: adam({ accumulationSteps: 3, globalClipNorm: 1 }) })
    const open = () => tfjsEngine({ backend }).open(job, { train: noise(40) })
    await (await open()).dispose()
    const before = tf.memory().numTensors
    const session = await open()
    const counts: number[] = []
    for (let epoch = 0; epoch < 4; epoch++) {
      await session.train({ order: rows(40), firstStep: epoch * 3, learningRate: 1e-3 })
      counts.push(tf.memory().numTensors)
    }
    expect(new Set(counts).size).toBe(1)
    await session.train({ order: rows(16), firstStep: 12, learningRate: 1e-3 })
    await session.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

test('a constraint holds after an update, and leaves alone the weights that are given', async () => {
  const kernelConstraint = constraints.maxNorm({ maxValue: 0.1, axis: 0 })
  const spec = await specOf(
    sequential({ layers: [layers.dense({ units: 10, activation: 'softmax', inputShape: [64], kernelConstraint })] }),
  )
  const weights = spec.weights.map((weight) => ({ ...weight, values: weight.values.map(() => 1) }))
  const session = await tfjsEngine({ backend: 'cpu' }).open(jobFor({ ...spec, weights }), { train: noise(16) })
  expect(await session.readWeights()).toEqual(weights)
  await session.train({ order: rows(16), firstStep: 0, learningRate: 1e-3 })
  const [kernel] = await session.readWeights()
  const column = Array.from({ length: 64 }, (_, row) => kernel?.values[row * 10] ?? Number.NaN)
  expect(Math.hypot(...column)).toBeCloseTo(0.1, 5)
  await session.dispose()
})

test('a certain and wrong binary prediction has its whole loss', async () => {
  const spec = await specOf(
    sequential({ layers: [layers.dense({ units: 1, activation: 'sigmoid', inputShape: [64] })] }),
  )
  const weights = spec.weights.map((weight) => ({ ...weight, values: weight.values.map((_, i) => (i ? 0 : 100)) }))
  const black = { ...noise(1), images: new Uint8Array(64), labels: Uint8Array.of(0), classNames: ['no', 'yes'] }
  const job = jobFor({ ...spec, weights }, { loss: 'binaryCrossentropy', optimizer: sgd() })
  const session = await tfjsEngine({ backend: 'wasm' }).open(job, { train: black })
  expect(await session.evaluate('train')).toEqual({ samples: 1, loss: 100, correct: 0 })
  expect(await session.predict(black.images)).toEqual(Float32Array.of(1))
  await session.dispose()
})

/** What penalties add to the loss of one image, and what l1l2 says of the weights that have one. */
async function penaltyOf(make: (kernelRegularizer?: 'l1l2') => LayersModel): Promise<[number, number]> {
  const measure = async (model: LayersModel): Promise<[number, number]> => {
    const spec = await readModel(model)
    model.dispose()
    const weights = spec.weights.map((weight) => ({ ...weight, values: weight.values.map((_, i) => (i % 5) / 10) }))
    const train = noise(1)
    const session = await tfjsEngine({ backend: 'cpu' }).open(jobFor({ ...spec, weights }), { train })
    const { loss } = await session.evaluate('train')
    await session.dispose()
    const kernels = weights.filter(({ name }) => /shared\/kernel|rows\/kernel|_kernel$/.test(name))
    const sum = kernels.flatMap(({ values }) => [...values]).reduce((total, w) => total + 0.01 * (w + w * w), 0)
    return [loss, sum]
  }
  const [plain] = await measure(make())
  const [penalised, expected] = await measure(make('l1l2'))
  return [penalised - plain, expected]
}

test('the penalty of a layer that is used twice counts once, as in Keras', async () => {
  const [got, expected] = await penaltyOf((kernelRegularizer) => {
    const image = input({ shape: [64] })
    const shared = layers.dense({ units: 64, name: 'shared', ...(kernelRegularizer && { kernelRegularizer }) })
    const twice = shared.apply(shared.apply(image))
    return functional(image, layers.dense({ units: 10, activation: 'softmax' }).apply(twice as SymbolicTensor))
  })
  expect(got / expected).toBeCloseTo(1, 3)
})

test('penalties of recurrent layers count, whose cells tfjs forgets', async () => {
  const [got, expected] = await penaltyOf((regularizer) =>
    sequential({
      layers: [
        layers.reshape({ targetShape: [8, 8], inputShape: [64] }),
        layers.simpleRNN({
          units: 4,
          name: 'rows',
          recurrentInitializer: 'zeros',
          ...(regularizer && { kernelRegularizer: regularizer, recurrentRegularizer: regularizer }),
        }),
        layers.dense({ units: 10, activation: 'softmax', name: 'last' }),
      ],
    }),
  )
  expect(got / expected).toBeCloseTo(1, 3)
})
