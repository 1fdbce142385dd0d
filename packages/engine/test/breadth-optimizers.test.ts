import { adamw, type OptimizerConfig, rmsprop, sgd, unitRange } from '@gicho/core'
import { wasmEngine } from '@gicho/engine/wasm'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { jobFor, rows, specOf } from './samples.ts'
import { expectSame, noisyImages } from './side-by-side.ts'

const optimizers: readonly OptimizerConfig[] = [
  sgd({ momentum: 0.9, nesterov: true }),
  sgd({ nesterov: true }),
  rmsprop({ momentum: 0.7, epsilon: 1e-3 }),
  rmsprop({ centered: true, epsilon: 1e-3 }),
  rmsprop({ centered: true, momentum: 0.5, epsilon: 1e-3 }),
  rmsprop({ centered: true, momentum: 0.5, epsilon: 1e-3, epsilonMode: 'tf2' }),
  rmsprop({ momentum: 0.5, epsilon: 1e-3, epsilonMode: 'tf2' }),
  adamw({ weightDecay: 0.3, epsilon: 1e-3 }),
]

test.each(optimizers)('five steps with $name leave weights and slots of the eager engine: %o', async (optimizer) => {
  const model = sequential({
    layers: [
      layers.flatten({ inputShape: [5, 3, 3] }),
      layers.dense({ units: 13, activation: 'relu' }),
      layers.dense({ units: 7, activation: 'softmax' }),
    ],
  })
  await expectSame(model, { images: [5, 3, 3], classes: 7, optimizer, steps: 5, learningRate: 0.05 })
})

test('the defaults are those of Keras', () => {
  expect(adamw()).toEqual({
    name: 'adamw',
    learningRate: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    weightDecay: 4e-3,
  })
})

/**
 * Three updates of [1, -2, 0.5] by Keras 3.15 (float32), with the gradients below and a learning rate of 0.05 (1 with clips):
 * `v = keras.Variable(...); optimizer.build([v]); optimizer.apply([g], [v])`.
 */
const GRADIENTS = [
  [0.3, -0.2, 1.5],
  [-0.1, 0.4, 0.7],
  [0.2, 0.2, -0.9],
] as const
const keras: readonly [OptimizerConfig, number, readonly number[]][] = [
  [rmsprop({ momentum: 0.7, centered: true, epsilon: 1e-3 }), 0.05, [0.649952054, -1.985738993, 0.0884428099]],
  [sgd({ momentum: 0.9, nesterov: true }), 0.05, [0.942964971, -2.038810015, 0.23272498]],
  [adamw({ weightDecay: 0.3, epsilon: 1e-3 }), 0.05, [0.86606586, -1.910682082, 0.370005786]],
  [sgd({ clipNorm: 0.5 }), 1, [0.858315408, -2.287362337, 0.06002602]],
  [sgd({ globalClipNorm: 0.5 }), 1, [0.858315408, -2.287362337, 0.06002602]],
]

test.each(keras)('given gradients move a weight as Keras moves it: %o', async (optimizer, learningRate, expected) => {
  const model = sequential({
    layers: [layers.dense({ units: 3, activation: 'softmax', inputShape: [4], name: 'one' })],
  })
  const spec = await specOf(model)
  const weights = spec.weights.map((weight) =>
    weight.name === 'one/bias' ? { ...weight, values: Float32Array.of(1, -2, 0.5) } : weight,
  )
  let update = 0
  const onGradients = (all: Float32Array): void => {
    all.fill(0)
    // The bias lies behind the kernel's one panel of 4 rows x 8 columns.
    all.set(GRADIENTS[update++] ?? [], 32)
  }
  const train = noisyImages(3, [2, 2, 1], 3)
  const session = await wasmEngine({ threads: 1, onGradients }).open(
    jobFor({ ...spec, weights }, { optimizer, input: unitRange([4]), batchSize: 1 }),
    { train },
  )
  await session.train({ order: rows(3), firstStep: 0, learningRate })
  const bias = (await session.readWeights()).find(({ name }) => name === 'one/bias')
  bias?.values.forEach((value, i) => {
    // float32, three updates.
    expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 6)
  })
  expect(update).toBe(3)
  await session.dispose()
})
