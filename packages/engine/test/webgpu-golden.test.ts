import { test, vi } from 'vitest'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { expectKeras } from './keras-steps.ts'
import { softwareDevice } from './software-webgpu.ts'

vi.setConfig({ testTimeout: 120_000 })

const engine = webgpuEngine({ device: await softwareDevice() })

test.each(['lesson1-rmsprop', 'lesson1-rmsprop-tf2', 'lesson1-sgd-momentum', 'lesson1-adam'])(
  '%s: the perceptron’s first step is Keras’',
  (name) => expectKeras(engine, name, [1]),
)

test('the network’s step is Keras’', () => expectKeras(engine, 'lesson3-rmsprop-1', [1]))
