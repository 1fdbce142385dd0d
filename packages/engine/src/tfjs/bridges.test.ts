import '@tensorflow/tfjs-backend-cpu'
import { unitRange } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { noise, smallModel } from '../../test/samples.ts'
import { byteValues } from '../session/byte-values.ts'
import { datasetForFit, type FitBatch, type FitSource, imagesTensor, labelsTensor } from './bridges.ts'
import { assignWeights, readModel } from './weights.ts'

test('scale 1/255 gives exactly the float32 of byte / 255, for all 256 bytes', () => {
  expect(byteValues(unitRange([1]))).toEqual(Float32Array.from({ length: 256 }, (_, byte) => byte / 255))
  expect(byteValues({ scale: 2, offset: -1 })[3]).toBe(5)
})

test('a dataset as tensors', async () => {
  const data = noise(3)
  const images = imagesTensor(data, unitRange([8, 8, 1]))
  const labels = labelsTensor(data)
  expect(images.shape).toEqual([3, 8, 8, 1])
  expect((await images.data())[64]).toBe(Math.fround((data.images[64] ?? 0) / 255))
  expect(labels.shape).toEqual([3, 10])
  expect(await tf.argMax(labels, 1).data()).toEqual(Int32Array.from(data.labels))
  expect(() => imagesTensor(data, unitRange([65]))).toThrow("images (8, 8, 1) don't fit samples of shape (65,)")
})

async function pass(source: FitSource): Promise<number[][]> {
  const iterator = await source.iterator()
  const firsts: number[][] = []
  for (let item = await iterator.next(); !item.done; item = await iterator.next()) {
    const { xs, ys }: FitBatch = item.value
    expect(xs.shape[0]).toBe(ys.shape[0])
    firsts.push([...(await tf.slice(xs, [0, 0], [-1, 1]).data())])
    tf.dispose(item.value)
  }
  return firsts
}

test('a source gives whole passes, in an order that its seed decides and that is new each time', async () => {
  const data = noise(10)
  const options = { batchSize: 4, input: unitRange([64]), seed: 5 }
  const source = datasetForFit(data, options)
  expect(source.size).toBe(3)
  const first = await pass(source)
  expect(first.map((batch) => batch.length)).toEqual([4, 4, 2])
  expect(await pass(source)).not.toEqual(first)
  expect(await pass(datasetForFit(data, options))).toEqual(first)
  const plain = await pass(datasetForFit(data, { ...options, shuffle: false }))
  expect(plain.flat()).toEqual(Array.from({ length: 10 }, (_, row) => Math.fround((data.images[row * 64] ?? 0) / 255)))
  expect(() => datasetForFit(data, { ...options, batchSize: 0 })).toThrow(
    'batchSize: expected a whole number >= 1, got 0',
  )
})

test('plain fitDataset trains from a source without leaving tensors', async () => {
  const model = smallModel()
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' })
  const source = datasetForFit(noise(10), { batchSize: 4, input: unitRange([64]) })
  await model.fitDataset(source, { epochs: 1, verbose: 0 })
  const before = tf.memory().numTensors
  const { history } = await model.fitDataset(source, { epochs: 2, verbose: 0 })
  expect(history.loss).toHaveLength(2)
  expect(tf.memory().numTensors).toBe(before)
})

test('a model is read and written by name', async () => {
  const [from, to] = [smallModel(), smallModel()]
  const { topology, weights } = await readModel(from)
  expect(topology.class_name).toBe('Sequential')
  expect(weights.map(({ name }) => name)).toEqual(['hidden/kernel', 'hidden/bias', 'classes/kernel', 'classes/bias'])
  const ones = weights.map((weight) => ({ ...weight, values: new Float32Array(weight.values.length).fill(1) }))
  assignWeights(to, ones.toReversed())
  expect((await readModel(to)).weights).toEqual(ones)
  expect(() => assignWeights(to, ones.slice(1))).toThrow('expected 4 arrays, got 3: "hidden/kernel" is missing')
  expect(() => assignWeights(to, [...ones, { name: 'x', shape: [], values: new Float32Array(1) }])).toThrow(
    '"x" is one too many',
  )
})

test('what is no layers model is refused', async () => {
  await expect(readModel({ weights: [], toJSON: () => 'text' })).rejects.toThrow('toJSON to give an object, got string')
  await expect(readModel(JSON.parse('{}'))).rejects.toThrow('expected a tfjs-layers model')
})
