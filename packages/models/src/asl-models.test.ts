import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { aslCnn } from './asl-cnn.ts'
import { aslMlp } from './asl-mlp.ts'
import { summarize } from './summary.ts'

beforeAll(() => tf.setBackend('cpu'))

test('the perceptron of lesson 2 has 676,888 parameters', () => {
  const model = aslMlp({ seed: 1 })
  expect(model.countParams()).toBe(676888)
  model.dispose()
})

test('the network of lesson 3 has the layers, shapes and 264,049 parameters of the lesson', () => {
  const model = aslCnn({ seed: 1 })
  const { rows, totalParameters, trainableParameters } = summarize(model)
  expect(rows.map(({ type, outputShape, parameters }) => [type, outputShape.slice(1).join('x'), parameters])).toEqual([
    ['Conv2D', '28x28x75', 750],
    ['BatchNormalization', '28x28x75', 300],
    ['MaxPooling2D', '14x14x75', 0],
    ['Conv2D', '14x14x50', 33800],
    ['Dropout', '14x14x50', 0],
    ['BatchNormalization', '14x14x50', 200],
    ['MaxPooling2D', '7x7x50', 0],
    ['Conv2D', '7x7x25', 11275],
    ['BatchNormalization', '7x7x25', 100],
    ['MaxPooling2D', '4x4x25', 0],
    ['Flatten', '400', 0],
    ['Dense', '512', 205312],
    ['Dropout', '512', 0],
    ['Dense', '24', 12312],
  ])
  expect([totalParameters, totalParameters - trainableParameters]).toEqual([264049, 300])
  model.dispose()
})

test('one seed gives one network, another seed another', async () => {
  const kernels = await Promise.all(
    [7, 7, 8].map(async (seed) => {
      const model = aslCnn({ seed })
      const values = Float32Array.from((await model.weights[0]?.read().data()) ?? [])
      model.dispose()
      return values
    }),
  )
  expect(kernels[0]).toEqual(kernels[1])
  expect(kernels[0]).not.toEqual(kernels[2])
})

test.each([
  [aslMlp, 'aslMlp: expected classes to be a whole number 1..65536, got 0.'],
  [aslCnn, 'aslCnn: expected classes to be a whole number 1..65536, got 0.'],
])('refuses a number of classes outside its range', (make, message) => {
  expect(() => make({ classes: 0 })).toThrow(message)
})
