/* The golden files of the CPU target on the GPU target: a first step of each kind here, all of them by night (GICHO_NIGHTLY=1). */
import { test, vi } from 'vitest'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { expectKeras } from './keras-steps.ts'
import { softwareDevice } from './software-webgpu.ts'

const night = process.env.GICHO_NIGHTLY !== undefined
vi.setConfig({ testTimeout: night ? 1_200_000 : 120_000 })

const engine = webgpuEngine({ device: await softwareDevice() })
const optimizers = ['rmsprop', 'rmsprop-tf2', 'sgd-momentum', 'adam']

/** Steps that are compared by day, and by night. */
const perceptrons: readonly [name: string, day: readonly number[], night: readonly number[]][] = [
  ['lesson1-rmsprop', [1], [1, 5, 20, 50]],
  ['lesson1-rmsprop-tf2', [1], [1]],
  ['lesson1-rmsprop-tf2-slow', [], [50]],
  ['lesson1-sgd', [], [1, 5, 20]],
  ['lesson1-sgd-momentum', [1], [1, 5, 20, 50]],
  ['lesson1-adam', [1], [1, 5, 20]],
  ['lesson1-adam-slow', [], [50]],
]

for (const [name, byDay, byNight] of perceptrons) {
  const steps = night ? byNight : byDay
  if (steps.length > 0)
    test(`${name}: the perceptron’s weights, slots and losses are Keras’`, () => expectKeras(engine, name, steps))
}

test('the network’s step is Keras’', () => expectKeras(engine, 'lesson3-rmsprop-1', [1]))

if (night) {
  test.each(optimizers)('the network’s step from each of five states is Keras’ (%s)', async (optimizer) => {
    for (const state of [1, 2, 3, 4, 5]) await expectKeras(engine, `lesson3-${optimizer}-${state}`, [1])
  })

  test.each(optimizers)('the network’s kernels after fifty small steps are Keras’ (%s)', (optimizer) =>
    expectKeras(engine, `lesson3-${optimizer}-slow`, [50]),
  )
}
