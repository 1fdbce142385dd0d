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

const l2 = { class_name: 'L2', config: { l2: 0.1 } }

test.each<[string, object, string]>([
  ['Dense', { activity_regularizer: l2 }, "tfjs can't train Dense with activity_regularizer L1L2. Leave it out."],
  ['Conv2D', { groups: 2 }, "tfjs can't train Conv2D with groups 2. Leave it out."],
  ['ReLU', { negative_slope: 0.1 }, "tfjs can't train ReLU with negative_slope 0.1. Leave it out."],
  ['ReLU', { threshold: 1 }, "tfjs can't train ReLU with threshold 1. Leave it out."],
  ['ELU', { alpha: 0.5 }, "tfjs can't train ELU with alpha 0.5. Leave it out."],
  ['GlobalMaxPooling2D', { keepdims: true }, "tfjs can't train GlobalMaxPooling2D with keepdims true. Leave it out."],
  [
    'LayerNormalization',
    { rms_scaling: true },
    "tfjs can't train LayerNormalization with rms_scaling true. Leave it out.",
  ],
  ['UpSampling2D', { interpolation: 'area' }, `tfjs can't train UpSampling2D with interpolation "area". Leave it out.`],
  ['Dense', { activation: 'log_sigmoid' }, 'tfjs has no activation log_sigmoid (activation). Register your own with'],
  ['Dense', { activation: 'LeakyReLU' }, ''],
  [
    'Dense',
    { kernel_regularizer: { class_name: 'OrthogonalRegularizer', config: {} } },
    'tfjs has no regularizer OrthogonalRegularizer (kernel_regularizer). Register your own with',
  ],
  ['Dense', { bias_initializer: 'identity_of_mine' }, 'tfjs has no initializer identity_of_mine (bias_initializer).'],
  [
    'Dense',
    { kernel_constraint: { class_name: 'Odd', config: {} } },
    'tfjs has no constraint Odd (kernel_constraint).',
  ],
])('%s with %j, which tfjs passes over or stumbles over, is named', (type, config, message) => {
  const found = messages(sequential(layer(type, config), dense('classes', 'softmax')))
  if (message) expect(found.join()).toContain(`odd: ${message}`)
  else expect(found).toEqual([])
})

test('options that say what tfjs does anyway are no issue', () => {
  const plain = [
    layer('Dense', { activity_regularizer: null, kernel_initializer: { class_name: 'GlorotUniform', config: {} } }),
    layer('Conv2D', { groups: 1, activation: 'hard_sigmoid', kernel_constraint: 'max_norm' }),
    layer('ReLU', { negative_slope: 0, threshold: 0, max_value: 6 }),
    layer('GlobalMaxPooling2D', { keepdims: false }),
    layer('Dense', { bias_regularizer: 'l1l2', bias_initializer: 'zeros', activation: 'gelu' }),
  ]
  expect(messages(sequential(...plain, dense('classes', 'softmax')))).toEqual([])
})

test("what tfjs calls by another name than Keras is put in tfjs' words", () => {
  const given = sequential(
    layer('Dense', { activation: 'silu', kernel_regularizer: l2 }),
    layer('LeakyReLU', { negative_slope: 0.2 }),
    dense('classes', 'softmax'),
  )
  expect(messages(given)).toEqual([])
  expect(withLogits(given)).toEqual(
    sequential(
      layer('Dense', {
        activation: 'swish',
        kernel_regularizer: { class_name: 'L1L2', config: { l1: 0, l2: 0.1 } },
      }),
      layer('LeakyReLU', { negative_slope: 0.2, alpha: 0.2 }),
      dense('classes', 'linear'),
    ),
  )
})

test('a model of two inputs is named', () => {
  const { class_name, config } = sequential(dense('classes', 'softmax'))
  const two = { class_name: 'Model', config: { ...config, input_layers: [[], []], output_layers: [['classes', 0, 0]] } }
  expect(class_name).toBe('Sequential')
  expect(messages(two)).toEqual(['model: expected one input, got 2.'])
})
