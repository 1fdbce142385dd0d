import { adamw, type OptimizerConfig, rmsprop, sgd } from '@gicho/core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { expectSame } from './side-by-side.ts'

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
