/* What model.compile was given is what fit does: five steps beside plain tfjs' own model.fit. */
import '@tensorflow/tfjs-backend-cpu'
import { adam, type LossName, sgd, unitRange } from '@gicho/core'
import { imagesTensor, labelsTensor } from '@gicho/engine/tfjs'
import { losses, type Optimizer, type Tensor, tensor2d, train } from '@tensorflow/tfjs-core'
import { layers, metrics, type Sequential, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { evaluate, type FitOptions, fit } from '../src/index.ts'
import { samples } from './samples.ts'

const data = samples(40)
const BATCH = 8

function network(activation: 'softmax' | 'sigmoid' | 'linear' = 'softmax', units = 3): Sequential {
  return sequential({
    layers: [layers.dense({ units: 6, activation: 'tanh', inputShape: [4] }), layers.dense({ units, activation })],
  })
}

/** Two models with the same weights. */
function twins(make: () => Sequential): [Sequential, Sequential] {
  const [first, second] = [make(), make()]
  second.setWeights(first.getWeights())
  return [first, second]
}

function values(model: Sequential): number[][] {
  return model.getWeights().map((weight) => [...weight.dataSync()])
}

/** What a model's weights have moved by since `before`, as one row. */
function moves(model: Sequential, before: number[][]): number[] {
  return values(model).flatMap((weight, i) => weight.map((value, k) => value - (before[i]?.[k] ?? Number.NaN)))
}

function relativeDistance(actual: number[], expected: number[]): number {
  const norm = (row: number[]) => Math.sqrt(row.reduce((total, value) => total + value * value, 0))
  return norm(actual.map((value, i) => value - (expected[i] ?? Number.NaN))) / norm(expected)
}

/** tfjs' own training: five batches in the data's order. */
async function plainFit(model: Sequential, targets: Tensor): Promise<void> {
  await model.fit(imagesTensor(data, unitRange([4])), targets, {
    batchSize: BATCH,
    epochs: 1,
    shuffle: false,
    verbose: 0,
  })
}

const OPTIMIZERS: readonly [string, () => Optimizer | string][] = [
  ["'sgd'", () => 'sgd'],
  ["'rmsprop'", () => 'rmsprop'],
  ["'adam'", () => 'adam'],
  ['tf.train.sgd', () => train.sgd(0.3)],
  ['tf.train.momentum', () => train.momentum(0.1, 0.8)],
  ['tf.train.momentum of Nesterov', () => train.momentum(0.1, 0.8, true)],
  ['tf.train.rmsprop', () => train.rmsprop(0.01)],
  ['tf.train.rmsprop with all its settings', () => train.rmsprop(0.01, 0.7, 0.5, 1e-2)],
  ['tf.train.adam', () => train.adam(0.05)],
  ['tf.train.adam with an epsilon that shows where it stands', () => train.adam(0.05, 0.8, 0.99, 1e-2)],
]

test.each(OPTIMIZERS)('%s is computed as tfjs computes it, on every engine', async (_, optimizer) => {
  const [theirs, ours] = twins(network)
  const before = values(theirs)
  theirs.compile({ loss: 'categoricalCrossentropy', optimizer: optimizer() })
  await plainFit(theirs, labelsTensor(data))
  const expected = moves(theirs, before)
  const start = ours.getWeights().map((weight) => weight.clone())
  for (const engine of ['wasm', 'tfjs'] as const) {
    ours.setWeights(start)
    ours.compile({ loss: 'categoricalCrossentropy', optimizer: optimizer() })
    const { compile } = await fit(ours, data, { batchSize: BATCH, shuffle: false, engine })
    // Float32 sums in another order, over five steps; Keras' place of epsilon is off by half in the last case.
    expect(relativeDistance(moves(ours, before), expected), engine).toBeLessThan(2e-5)
    expect(compile.loss).toBe('categoricalCrossentropy')
  }
})

test.each<[string, LossName, unknown, () => Sequential]>([
  ['a name', 'binaryCrossentropy', 'binaryCrossentropy', () => network('sigmoid')],
  ['a name', 'meanSquaredError', 'meanSquaredError', () => network('linear')],
  ['a name', 'meanAbsoluteError', 'meanAbsoluteError', () => network('linear')],
  ['a list of one', 'meanSquaredError', ['meanSquaredError'], () => network('softmax')],
  ['tf.losses.meanSquaredError', 'meanSquaredError', losses.meanSquaredError, () => network('linear')],
  ['tf.losses.absoluteDifference', 'meanAbsoluteError', losses.absoluteDifference, () => network('linear')],
  ['tf.metrics.categoricalCrossentropy', 'categoricalCrossentropy', metrics.categoricalCrossentropy, network],
])('the loss %s (%s) is tfjs’ own', async (_, name, loss, make) => {
  const [theirs, ours] = twins(make)
  const before = values(theirs)
  for (const model of [theirs, ours]) model.compile({ loss: loss as LossName, optimizer: train.sgd(0.3) })
  await plainFit(theirs, labelsTensor(data))
  const { compile } = await fit(ours, data, { batchSize: BATCH, shuffle: false })
  expect(relativeDistance(moves(ours, before), moves(theirs, before))).toBeLessThan(1e-4)
  expect(compile.loss).toBe(name)
  const measured = theirs.evaluate(imagesTensor(data, unitRange([4])), labelsTensor(data), { batchSize: 40 })
  const there = (Array.isArray(measured) ? measured : [measured])[0]?.dataSync()[0] ?? Number.NaN
  expect((await evaluate(ours, data)).loss).toBeCloseTo(there, 4)
})

test('one output against the label itself is tfjs’ regression', async () => {
  const [theirs, ours] = twins(() => network('linear', 1))
  const before = values(theirs)
  for (const model of [theirs, ours]) model.compile({ loss: 'meanSquaredError', optimizer: train.sgd(0.1) })
  await plainFit(theirs, tensor2d(Float32Array.from(data.labels), [40, 1]))
  const { history } = await fit(ours, data, { batchSize: BATCH, shuffle: false })
  expect(relativeDistance(moves(ours, before), moves(theirs, before))).toBeLessThan(1e-4)
  expect(history).toHaveLength(1)
})

test('options given to fit win, and what was compiled without being known is then no matter', async () => {
  const model = network()
  model.compile({ loss: losses.softmaxCrossEntropy, optimizer: train.adagrad(0.1) })
  const options: FitOptions = { loss: 'categoricalCrossentropy', optimizer: 'sgd' }
  expect((await fit(model, data, options)).compile).toMatchObject({ loss: 'categoricalCrossentropy', optimizer: sgd() })
  expect((await fit(model, data, { ...options, optimizer: train.adam(0.01) })).compile.optimizer).toEqual(
    adam({ learningRate: 0.01, epsilonMode: 'tfjs' }),
  )
  expect((await fit(model, data, { ...options, loss: losses.meanSquaredError })).compile.loss).toBe('meanSquaredError')
})

test.each<[string, () => Parameters<Sequential['compile']>[0], string]>([
  [
    'a loss of logits',
    () => ({ loss: losses.softmaxCrossEntropy, optimizer: 'sgd' }),
    'fit: the model was compiled with a loss function (softmaxCrossEntropy), which no engine computes. Give the loss option',
  ],
  [
    'a loss of one’s own',
    () => ({ loss: (_, b) => b, optimizer: 'sgd' }),
    'compiled with a loss function (loss), which no',
  ],
  [
    'another loss',
    () => ({ loss: 'hinge', optimizer: 'sgd' }),
    'compiled with the loss hinge, which no engine computes',
  ],
  [
    'another optimizer',
    () => ({ loss: 'categoricalCrossentropy', optimizer: 'adagrad' }),
    "fit: the optimizer that the model was compiled with (the optimizer option would win): tfjs' Adagrad isn't known here. Use rmsprop()",
  ],
  [
    'centered RMSProp, which subtracts epsilon in tfjs',
    () => ({ loss: 'categoricalCrossentropy', optimizer: train.rmsprop(0.1, 0.9, 0, 1e-7, true) }),
    "tfjs' centered RMSProp subtracts epsilon",
  ],
  [
    'another metric',
    () => ({ loss: 'categoricalCrossentropy', optimizer: 'sgd', metrics: ['accuracy', 'precision'] }),
    'compiled with the metric precision. Loss and accuracy alone are measured: compile it again without that metric',
  ],
  [
    'the accuracy of a mean error',
    () => ({ loss: 'meanSquaredError', optimizer: 'sgd', metrics: ['accuracy'] }),
    'With the loss meanSquaredError the loss alone is measured',
  ],
])('%s is refused by name', async (_, args, message) => {
  const model = network()
  model.compile(args())
  await expect(fit(model, data)).rejects.toThrow(message)
})

test.each(['accuracy', 'acc', 'categoricalAccuracy'])('the metric %s is the accuracy', async (metric) => {
  const model = network()
  model.compile({ loss: 'categoricalCrossentropy', optimizer: 'sgd', metrics: [metric] })
  expect((await fit(model, data)).history[0]?.accuracy).toBeGreaterThanOrEqual(0)
})

test.each<[unknown, string]>([
  ['adma', 'fit: optimizer: there is no optimizer adma. Did you mean adam?'],
  [
    adam,
    'fit: optimizer: expected rmsprop(), sgd(), adam() or adamw() of @gicho/core, one of their names, or tf.train.adam(), got a function. Call it: adam()',
  ],
  [{ learningRate: 1 }, 'got an object.'],
  [3, 'got the number 3.'],
])('the optimizer %s is refused', async (optimizer, message) => {
  const options: object = { optimizer }
  await expect(fit(network(), data, options)).rejects.toThrow(message)
})

test.each<[unknown, string]>([
  [
    losses.softmaxCrossEntropy,
    "got a function that isn't known here (softmaxCrossEntropy). Known are categoricalCrossentropy",
  ],
  [['mse'], 'fit: expected the name of a loss, got a plain array.'],
  ['meanSquareError', 'there is no loss meanSquareError. Did you mean meanSquaredError?'],
])('the loss %s is refused', async (loss, message) => {
  const options: object = { loss }
  await expect(fit(network(), data, options)).rejects.toThrow(message)
})
