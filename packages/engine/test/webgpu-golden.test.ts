import { test } from 'vitest'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { expectKeras } from './keras-steps.ts'
import { softwareDevice } from './software-webgpu.ts'

const engine = webgpuEngine({ device: await softwareDevice() })

test.each(['lesson1-rmsprop', 'lesson1-rmsprop-tf2', 'lesson1-sgd', 'lesson1-sgd-momentum', 'lesson1-adam'])(
  '%s: the perceptron’s first step is Keras’',
  (name) => expectKeras(engine, name, [1]),
)

test.each(['rmsprop', 'rmsprop-tf2', 'sgd-momentum', 'adam'])('the network’s step is Keras’ (%s)', (optimizer) =>
  expectKeras(engine, `lesson3-${optimizer}-1`, [1]),
)
