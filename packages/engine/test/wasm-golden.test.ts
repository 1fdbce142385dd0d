import { test } from 'vitest'
import { wasmEngine } from '../dist/wasm.node.js'
import { expectKeras } from './keras-steps.ts'

const relaxed = wasmEngine({ threads: 2 })
const plain = wasmEngine({ threads: 2, relaxedSimd: false })

/** Adam's first steps divide a gradient by its own size: where the terms of one cancel, its rounding counts in full. */
function slackOf(name: string): (tensor: string) => number {
  return (tensor) => (name === 'lesson1-adam' && tensor === 'dense_2/bias' ? 2 : 1)
}

const perceptrons: readonly [string, readonly number[]][] = [
  ['lesson1-rmsprop', [1, 5, 20, 50]],
  ['lesson1-sgd', [1, 5, 20]],
  ['lesson1-sgd-momentum', [1, 5, 20, 50]],
  ['lesson1-adam', [1, 5, 20]],
  ['lesson1-adam-slow', [50]],
  ['lesson1-rmsprop-tf2', [1]],
  ['lesson1-rmsprop-tf2-slow', [50]],
]
const optimizers = ['rmsprop', 'rmsprop-tf2', 'sgd-momentum', 'adam']

test.each(perceptrons)('%s: the perceptron’s weights, slots and losses are Keras’', async (name, steps) => {
  await expectKeras(relaxed, name, steps)
  if (name !== 'lesson1-rmsprop') await expectKeras(plain, name, steps, slackOf(name))
})

test.each(optimizers)('the network’s step from each of five states is Keras’ (%s)', async (optimizer) => {
  for (const state of [1, 2, 3, 4, 5]) await expectKeras(relaxed, `lesson3-${optimizer}-${state}`, [1])
  await expectKeras(plain, `lesson3-${optimizer}-1`, [1])
})

test.each(optimizers)('the network’s kernels after fifty small steps are Keras’ (%s)', async (optimizer) => {
  await expectKeras(relaxed, `lesson3-${optimizer}-slow`, [50])
  if (optimizer === 'rmsprop') await expectKeras(plain, `lesson3-${optimizer}-slow`, [50])
})
