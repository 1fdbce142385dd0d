/*
 * The eager engine on TensorFlow: the contract, Keras' golden values, the options on which engines once differed, and its memory.
 * It needs `gicho-tensorflow setup`; where there is none it says so, and tools/nightly/tensorflow.mjs makes one.
 */
import { rmsprop, unitRange } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { availableBackends, tfjsEngine } from '../src/tfjs.node.ts'
import { describeEngine } from './contract.ts'
import { expectKeras } from './keras-steps.ts'
import { describeParity } from './parity-suite.ts'
import { jobFor, network, noise, rows, specOf } from './samples.ts'

const [found] = await availableBackends({ backends: ['tensorflow'] })
const here = found?.available === true
if (!here) console.warn(`TensorFlow isn't tested here: ${found?.reason}`)
if (!here && process.env.GICHO_NIGHTLY) throw new Error(`expected a setup of TensorFlow: ${found?.reason}`)

/** Adam's first steps divide a gradient by its own size: where the terms of one cancel, its rounding counts in full. */
function slackOf(name: string): (tensor: string) => number {
  return (tensor) => (name === 'lesson1-adam' && tensor === 'dense_2/bias' ? 2 : 1)
}

const engine = tfjsEngine({ backend: 'tensorflow' })

describe.skipIf(!here)('on TensorFlow', () => {
  describeEngine('tfjs on tensorflow', () => engine)
  describeParity(engine, undefined)

  test.each([
    ['lesson1-rmsprop', [1, 5, 20]],
    ['lesson1-sgd-momentum', [1, 5, 20]],
    ['lesson1-adam', [1, 5, 20]],
  ])('%s: the perceptron’s weights, slots and losses are Keras’', async (name, steps) => {
    await expectKeras(engine, name, steps, slackOf(name))
  })

  test.each(['rmsprop', 'rmsprop-tf2', 'sgd-momentum', 'adam'])(
    'the network’s step from each of five states is Keras’ (%s)',
    async (optimizer) => {
      for (const state of [1, 2, 3, 4, 5]) await expectKeras(engine, `lesson3-${optimizer}-${state}`, [1])
    },
  )

  test('fifty trainings leave no tensor behind', async () => {
    const model = await specOf(network([4, 3, 2], 8))
    const data = noise(20, { side: 28, classes: 24 })
    const job = jobFor(model, { input: unitRange([28, 28, 1]), batchSize: 8, optimizer: rmsprop() })
    const counts: number[] = []
    for (let fit = 0; fit < 50; fit++) {
      const session = await engine.open(job, { train: data })
      await session.train({ order: rows(20), firstStep: 0, learningRate: 1e-3 })
      await session.evaluate('train')
      await session.dispose()
      counts.push(tf.memory().numTensors)
    }
    expect(new Set(counts.slice(1)).size).toBe(1)
  })
})
