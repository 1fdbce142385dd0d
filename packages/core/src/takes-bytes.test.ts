import { expect, test } from 'vitest'
import type { JsonObject } from './json-fields.ts'
import { takesBytes } from './takes-bytes.ts'

const layer = (className: string, config: JsonObject = {}): JsonObject => ({
  class_name: className,
  config: { name: className, ...config },
})
const sequential = (...layers: JsonObject[]): JsonObject => ({
  class_name: 'Sequential',
  config: { name: 'whole', layers },
})
const rescaling = layer('Rescaling', { scale: 1 / 255, offset: 0 })
const dense = layer('Dense')

test.each<[string, boolean, JsonObject]>([
  ['Rescaling first', true, sequential(rescaling, dense)],
  ['Rescaling behind an InputLayer', true, sequential(layer('InputLayer'), rescaling, dense)],
  ['Rescaling into -1..1', true, sequential(layer('Rescaling', { scale: 1 / 127.5, offset: -1 }), dense)],
  ['Normalization', true, sequential(layer('Normalization'), dense)],
  [
    'Resizing and cropping before it',
    true,
    sequential(layer('Resizing'), layer('CenterCrop'), layer('Flatten'), rescaling),
  ],
  ['a model in front that begins with it', true, sequential(sequential(rescaling, dense), dense)],
  ['a list of layers, as older files have it', true, { class_name: 'Sequential', config: [rescaling, dense] }],
  ['a saved model.json', true, { model_config: sequential(rescaling, dense) }],
  ['a plain model', false, sequential(dense, rescaling)],
  ['BatchNormalization first', false, sequential(layer('BatchNormalization'), rescaling)],
  ['Rescaling of values in 0..1', false, sequential(layer('Rescaling', { scale: 2, offset: -1 }), dense)],
  ['a model that ends before it rescales', false, sequential(layer('Flatten'))],
  ['no layers at all', false, { class_name: 'Sequential', config: {} }],
])('%s: bytes are taken as they are: %s', (_, expected, topology) => {
  expect(takesBytes(topology)).toBe(expected)
})

function functional(...branches: string[]): JsonObject {
  const from = (name: string): unknown => [[[name, 0, 0, {}]]]
  return {
    class_name: 'Model',
    config: {
      layers: [
        { class_name: 'InputLayer', config: { name: 'in' }, inbound_nodes: [] },
        ...branches.map((type, i) => ({
          class_name: type,
          config: { name: `b${i}`, scale: 0.1 },
          inbound_nodes: from('in'),
        })),
        { class_name: 'Add', config: { name: 'add' }, inbound_nodes: [branches.map((_, i) => [`b${i}`, 0, 0, {}])] },
      ],
    },
  }
}

test('in a model with branches, each has to rescale', () => {
  expect(takesBytes(functional('Rescaling'))).toBe(true)
  expect(takesBytes(functional('Rescaling', 'Rescaling'))).toBe(true)
  expect(takesBytes(functional('Rescaling', 'Conv2D'))).toBe(false)
})
