import { expect, test } from 'vitest'
import { findIssues, withLogits } from './topology.ts'

const dense = (name: string, activation: string) => ({ class_name: 'Dense', config: { name, units: 10, activation } })
const layer = (class_name: string, config: object = {}) => ({ class_name, config: { name: 'odd', ...config } })
const sequential = (...layers: object[]) => ({ class_name: 'Sequential', config: { name: 'model', layers } })
const messages = (topology: Record<string, unknown>) =>
  findIssues(topology).map(({ where, message }) => `${where}: ${message}`)

test('takes the final softmax off, and leaves the topology that it was given', () => {
  const topology = sequential(dense('hidden', 'relu'), dense('classes', 'softmax'))
  expect(findIssues(topology)).toEqual([])
  expect(withLogits(topology)).toEqual(sequential(dense('hidden', 'relu'), dense('classes', 'linear')))
  expect(topology.config.layers[1]).toEqual(dense('classes', 'softmax'))
})

test('a softmax layer becomes an activation that does nothing', () => {
  const last = { class_name: 'Softmax', config: { name: 'last', axis: -1 } }
  expect(withLogits(sequential(dense('a', 'linear'), last))).toEqual(
    sequential(dense('a', 'linear'), { class_name: 'Activation', config: { name: 'last', activation: 'linear' } }),
  )
})

test('finds the output layer of a functional model, and of one inside another', () => {
  const inner = sequential(dense('classes', 'softmax'))
  const model = {
    class_name: 'Model',
    config: { layers: [inner, dense('a', 'relu')], output_layers: [['model', 0, 0]] },
  }
  expect(findIssues(model)).toEqual([])
  expect(JSON.stringify(withLogits({ model_config: model }))).not.toContain('softmax')
})

test('says what is missing when a model does not end in softmax', () => {
  expect(messages(sequential(dense('classes', 'sigmoid')))[0]).toMatch(/^classes: the model does not end in softmax/)
  expect(messages(sequential(layer('Softmax', { axis: 2 })))[0]).toContain('does not end in softmax')
  expect(() => withLogits(sequential(dense('a', 'relu')))).toThrow('expected a final softmax, got none')
})

test('takes off the activation that the loss wants, and nothing for one that wants none', () => {
  const binary = sequential(dense('yes', 'sigmoid'))
  expect(findIssues(binary, 'sigmoid')).toEqual([])
  expect(withLogits(binary, 'sigmoid')).toEqual(sequential(dense('yes', 'linear')))
  expect(findIssues(sequential(dense('classes', 'softmax')), 'sigmoid')[0]?.message).toMatch(/does not end in sigmoid/)
  const plain = sequential(dense('values', 'relu'))
  expect(findIssues(plain, 'linear')).toEqual([])
  expect(withLogits(plain, 'linear')).toEqual(plain)
})

test('refuses a softmax that other layers read, and more than one output', () => {
  const reader = { ...dense('reader', 'relu'), inbound_nodes: [[['classes', 0, 0, {}]]] }
  const layers = [dense('classes', 'softmax'), reader]
  const model = (outputs: string[]) => ({
    class_name: 'Model',
    config: { layers, output_layers: outputs.map((name) => [name, 0, 0]) },
  })
  expect(messages(model(['classes']))[0]).toContain('the final softmax also feeds other layers')
  expect(messages(model(['classes', 'reader']))[0]).toContain('exactly one output')
})

test('names layers whose draws no seed reaches', () => {
  const end = dense('classes', 'softmax')
  expect(messages(sequential(layer('GaussianDropout'), end))).toEqual([
    'odd: GaussianDropout draws numbers that no seed reaches. Use Dropout or GaussianNoise, or take it out.',
  ])
  expect(messages(sequential(layer('LSTM', { dropout: 0.5 }), end))[0]).toContain('LSTM with dropout inside')
  expect(messages(sequential(layer('Dropout', { rate: 1 }), end))[0]).toContain('expected a rate in [0, 1), got 1')
  expect(messages(sequential(layer('Dropout', { rate: 0, noise_shape: [1] }), end))[0]).toContain('noise shape')
})

test('names layers that tfjs does not have, and dilated ones', () => {
  const end = dense('classes', 'softmax')
  expect(messages(sequential(layer('Fancy'), end))[0]).toMatch(/^odd: tfjs has no Fancy layers\./)
  expect(messages(sequential(layer('Conv2D', { dilation_rate: [1, 2] }), end))[0]).toMatch(
    /^odd: tfjs can't train Conv2D/,
  )
  expect(messages(sequential(layer('Conv2D', { dilation_rate: [1, 1] }), end))).toEqual([])
})

test('something that is no model at all is named as such', () => {
  expect(messages({})).toEqual(["model: expected a Sequential or functional model's topology, got no class_name."])
})
