import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import type * as tfl from '@tensorflow/tfjs-layers'
import { beforeAll, expect, test } from 'vitest'
import { mnistMlp } from './mnist-mlp.ts'

beforeAll(() => tf.setBackend('cpu'))

async function valuesOf(model: tfl.LayersModel): Promise<Float32Array[]> {
  const values: Float32Array[] = []
  for (const weight of model.weights) values.push(Float32Array.from(await weight.read().data()))
  model.dispose()
  return values
}

test('has the layers of the lesson and 669,706 parameters', () => {
  const model = mnistMlp()
  expect(model.layers.map((layer) => layer.name)).toEqual(['dense', 'dense_1', 'dense_2'])
  expect(model.weights.map((weight) => weight.shape)).toEqual([[784, 512], [512], [512, 512], [512], [512, 10], [10]])
  expect(model.countParams()).toBe(669706)
  model.dispose()
})

test('kernels are Glorot uniform and biases zero', async () => {
  const values = await valuesOf(mnistMlp({ seed: 3 }))
  for (const [i, fans] of [784 + 512, 512 + 512, 512 + 10].entries()) {
    const kernel = values[2 * i] ?? new Float32Array()
    const limit = Math.sqrt(6 / fans)
    expect(Math.max(...kernel.map(Math.abs).slice(0, 5000))).toBeLessThanOrEqual(Math.fround(limit))
    // A uniform variable's variance is limit^2 / 3; over at least 5,120 values its estimate is right to some 1.3 %.
    const variance = kernel.reduce((total, v) => total + v * v, 0) / kernel.length
    expect(Math.abs(variance / (limit ** 2 / 3) - 1)).toBeLessThan(0.06)
    expect(values[2 * i + 1]?.every((v) => v === 0)).toBe(true)
  }
})

test('one seed gives one model, another seed and no seed others', async () => {
  const models = [mnistMlp({ seed: 7 }), mnistMlp({ seed: 7 }), mnistMlp({ seed: 8 }), mnistMlp(), mnistMlp()]
  const [a, b, other, any, another] = await Promise.all(models.map(valuesOf))
  expect(a).toEqual(b)
  expect(a?.[0]).not.toEqual(other?.[0])
  expect(any?.[0]).not.toEqual(another?.[0])
})

test('one seed gives the same weights on another backend', async () => {
  const onCpu = await valuesOf(mnistMlp({ seed: 7 }))
  expect(await tf.setBackend('wasm')).toBe(true)
  const onWasm = await valuesOf(mnistMlp({ seed: 7 }))
  await tf.setBackend('cpu')
  expect(onWasm).toEqual(onCpu)
})

test('the seed decides the same numbers in every release', async () => {
  const values = await valuesOf(mnistMlp({ seed: 1 }))
  expect([0, 2, 4].map((i) => values[i]?.[0]?.toPrecision(6))).toMatchInlineSnapshot(`
    [
      "0.0482630",
      "-0.0378665",
      "0.0701143",
    ]
  `)
})

test('layers have their own seeds', async () => {
  const [, , second] = await valuesOf(mnistMlp({ seed: 0 }))
  const [, , next] = await valuesOf(mnistMlp({ seed: 1 }))
  const [first] = await valuesOf(mnistMlp({ seed: 1 }))
  const limits = [Math.sqrt(6 / 1296), Math.sqrt(6 / 1024)] as const
  const scaled = (values: Float32Array | undefined, limit: number) => values?.slice(0, 8).map((v) => v / limit)
  expect(scaled(first, limits[0])).not.toEqual(scaled(next, limits[1]))
  expect(scaled(first, limits[0])).not.toEqual(scaled(second, limits[1]))
})

test('takes another number of classes, and gives probabilities', async () => {
  const model = mnistMlp({ seed: 1, classes: 24 })
  expect(model.countParams()).toBe(676888)
  const output = tf.tidy(() => model.predict(tf.ones([2, 784])))
  if (Array.isArray(output)) throw new Error('expected one output')
  expect(output.shape).toEqual([2, 24])
  const sum = Float32Array.from(await output.data()).reduce((total, p) => total + p, 0)
  expect(sum).toBeCloseTo(2, 5)
  output.dispose()
  model.dispose()
})

test('its tensors go with dispose', () => {
  const before = tf.memory().numTensors
  const model = mnistMlp({ seed: 1 })
  expect(tf.memory().numTensors).toBe(before + 6)
  model.dispose()
  expect(tf.memory().numTensors).toBe(before)
})

test.each([
  [{ seed: -1 }, 'mnistMlp: expected seed to be a whole number 0..4294967295, got -1.'],
  [{ seed: 0.5 }, 'mnistMlp: expected seed to be a whole number 0..4294967295, got 0.5.'],
  [{ classes: 0 }, 'mnistMlp: expected classes to be a whole number 1..65536, got 0.'],
])('refuses %j', (options, message) => {
  expect(() => mnistMlp(options)).toThrow(message)
})

test('an option that a model does not have is refused with the one that was meant', () => {
  const misspelt: object = { sed: 1 }
  expect(() => mnistMlp(misspelt)).toThrow('mnistMlp: there is no option sed. Did you mean seed?')
})
