import { type ImageDataset, rmsprop, sgd, type TrainingJob, unitRange } from '@gicho/core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { wasmEngine } from '../dist/wasm.node.js'
import { jobFor, network, noise, specOf } from './samples.ts'
import { bitsOf, withSession } from './wasm-samples.ts'

const perceptron = () => {
  const dense = (units: number, activation: 'relu' | 'softmax') => layers.dense({ units, activation })
  return sequential({
    layers: [layers.inputLayer({ inputShape: [784] }), dense(512, 'relu'), dense(512, 'relu'), dense(10, 'softmax')],
  })
}

/** Weights and optimizer after `steps` steps, and the loss of them, as words that tell any bit. */
async function after(options: Parameters<typeof wasmEngine>[0], job: TrainingJob, data: ImageDataset, steps: number) {
  return withSession(wasmEngine(options), job, data, async (session) => {
    const order = Uint32Array.from({ length: steps * job.batchSize - 5 }, (_, i) => (i * 7) % data.length)
    const { loss, correct } = await session.train({ order, firstStep: 0, learningRate: 1e-3 })
    const evaluated = await session.evaluate('train')
    return [bitsOf(await session.readWeights()), bitsOf(await session.readOptimizer()), loss, correct, evaluated.loss]
  })
}

const data = noise(150, { side: 28, classes: 10 })

async function expectSameBits(job: TrainingJob, steps: number): Promise<void> {
  const expected = await after({ threads: 1 }, job, data, steps)
  expect(await after({ threads: 1 }, job, data, steps), 'again').toEqual(expected)
  for (const threads of [2, 3, 4])
    expect(await after({ threads }, job, data, steps), `${threads} threads`).toEqual(expected)
  expect(await after({ sharedMemory: false }, job, data, steps), 'unshared').toEqual(expected)
}

test('a hundred steps of the perceptron give the same bits on 1, 2, 3, 4 threads and on unshared memory', async () => {
  const job = jobFor(await specOf(perceptron()), { batchSize: 32, input: unitRange([784]), optimizer: rmsprop() })
  await expectSameBits(job, 100)
}, 40_000)

test('twenty steps of lesson 3’s network, dropout and normalization included, give the same bits', async () => {
  const job = jobFor(await specOf(network()), { batchSize: 32, input: unitRange([28, 28, 1]), optimizer: rmsprop() })
  await expectSameBits(job, 20)
}, 60_000)

test('so do the plain build’s', async () => {
  const job = jobFor(await specOf(network([12, 17, 20], 64)), { input: unitRange([28, 28, 1]), optimizer: sgd() })
  const expected = await after({ threads: 1, relaxedSimd: false }, job, data, 10)
  for (const threads of [2, 3]) expect(await after({ threads, relaxedSimd: false }, job, data, 10)).toEqual(expected)
})
