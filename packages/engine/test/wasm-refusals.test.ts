import { type ModelSpec, rmsprop, unitRange } from '@gicho/core'
import { input as inputOf, layers, model as modelOf } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { wasmEngine } from '../dist/wasm.node.js'
import { readModel } from '../src/tfjs.node.ts'
import { jobFor, noise, smallSpec } from './samples.ts'
import { drawnSpec, images, type Layer, oneStep, stepJob } from './wasm-samples.ts'

const engine = wasmEngine({ threads: 1 })
const end = (): Layer[] => [layers.flatten(), layers.dense({ units: 3, activation: 'softmax', name: 'end' })]

/** What `supports` says, as `layer: sentence`; `open` has to say the same. */
async function refused(spec: ModelSpec): Promise<string[]> {
  const job = jobFor(spec, { input: unitRange([8, 8, 3]) })
  const issues = engine.supports(job)
  const data = { ...images([8, 8, 3], 2, 3) }
  const opening = engine.open(job, { train: data })
  if (issues.length === 0) await (await opening).dispose()
  else {
    await expect(opening).rejects.toMatchObject({ code: 'unsupported' })
    await expect(opening).rejects.toThrow(
      issues
        .map(({ message }) => message)
        .join('\n')
        .slice(0, 40),
    )
  }
  return issues.map(({ where, message }) => `${where}: ${message}`)
}

test.each<[string, () => Layer[], string]>([
  [
    'no softmax at the end',
    () => [layers.flatten(), layers.dense({ units: 3, name: 'last' })],
    'last: the last layer must end in a softmax, which the loss takes together with the cross-entropy',
  ],
  [
    'a pool of many places',
    () => [layers.maxPooling2d({ poolSize: 17, strides: 1, padding: 'same', name: 'wide' }), ...end()],
    "wide: pools of more than 256 places aren't compiled",
  ],
  [
    'Dense on images',
    () => [layers.dense({ units: 3, name: 'deep' }), ...end()],
    'deep: Dense on more than one axis: put Flatten before it',
  ],
  [
    'another activation',
    () => [
      layers.flatten(),
      layers.dense({ units: 3, activation: 'softsign', name: 'curve' }),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
    'curve: the activation "softsign" isn\'t compiled yet',
  ],
  [
    'normalization of another axis',
    () => [layers.batchNormalization({ axis: 1, name: 'rows' }), ...end()],
    "rows: axis 1 isn't compiled: only the last",
  ],
])('refuses %s, in a sentence', async (_, list, sentence) => {
  expect(await refused(await drawnSpec([8, 8, 3], list()))).toEqual([sentence])
})

test('names every unknown layer at once', async () => {
  const list = [
    layers.globalMaxPooling2d({ name: 'all' }),
    layers.gaussianDropout({ rate: 0.5, name: 'noise' }),
    layers.dense({ units: 3, name: 'line' }),
    layers.alphaDropout({ rate: 0.5, name: 'alpha' }),
    layers.dense({ units: 3, activation: 'softmax' }),
  ]
  expect(await refused(await drawnSpec([8, 8, 3], list))).toEqual([
    "noise: GaussianDropout layers aren't compiled yet",
    "alpha: AlphaDropout layers aren't compiled yet",
  ])
})

test('refuses products of two layers', async () => {
  const start = inputOf({ shape: [8, 8, 3] })
  const flat = layers.flatten().apply(start)
  const both = ['a', 'b'].map((name) => layers.dense({ units: 4, name }).apply(flat as never))
  const product = layers.multiply({ name: 'product' }).apply(both as never)
  const output = layers.dense({ units: 3, activation: 'softmax' }).apply(product as never)
  const spec = await readModel(modelOf({ inputs: start, outputs: output as never }))
  expect(await refused(spec)).toEqual(["product: Multiply layers aren't compiled yet"])
})

test('a functional chain trains as the same layers in a row', async () => {
  const start = inputOf({ shape: [6, 5, 2] })
  const names = ['c', 'n', 'f', 'd']
  const list = (): Layer[] => [
    layers.conv2d({ filters: 3, kernelSize: 2, name: names[0] ?? '' }),
    layers.batchNormalization({ name: names[1] ?? '' }),
    layers.flatten({ name: names[2] ?? '' }),
    layers.dense({ units: 4, activation: 'softmax', name: names[3] ?? '' }),
  ]
  const row = await drawnSpec([6, 5, 2], list())
  const output = list().reduce<unknown>((value, layer) => layer.apply(value as never), start)
  const chain = await readModel(modelOf({ inputs: start, outputs: output as never }))
  const data = images([6, 5, 2], 5, 4)
  const [a, b] = [row, { ...chain, weights: row.weights }].map((spec) => oneStep(engine, stepJob(spec, data), data, 1))
  expect((await b)?.weights).toEqual((await a)?.weights)
})

test('a saved model’s topology is read, a broken one is an issue', async () => {
  const spec = await smallSpec()
  const wrapped = { ...spec, topology: { model_config: spec.topology, keras_version: '3' } }
  expect(engine.supports(jobFor(wrapped))).toEqual([])
  const broken = { ...spec, topology: { class_name: 'Sequential', config: { layers: 7 } } }
  expect(engine.supports(jobFor(broken))).toEqual([
    { where: 'model', message: 'model topology: model.config.layers: expected a list, got 7.' },
  ])
})

test('weights, inputs and optimizers that do not fit are refused when the session is opened', async () => {
  const spec = await smallSpec()
  const open = (changes: object, model = spec) => engine.open(jobFor(model, changes), { train: noise(4) })
  await expect(open({ input: unitRange([8, 8, 1]) })).rejects.toThrow("don't fit the model's input (None, 64)")
  const cut = spec.weights.map((weight) => ({ ...weight, values: weight.values.slice(1) }))
  await expect(open({}, { ...spec, weights: cut })).rejects.toThrow(
    'expected hidden/kernel of shape (64, 16), got (64, 16) with 1023 values',
  )
  await expect(open({}, { ...spec, weights: spec.weights.slice(1) })).rejects.toThrow('"hidden/kernel" is missing')
  const job = jobFor(spec, { optimizer: { ...rmsprop(), name: 'ftrl' as 'rmsprop' } })
  expect(engine.supports(job)).toEqual([
    { where: 'optimizer', message: 'expected rmsprop, sgd, adam or adamw, got ftrl.' },
  ])
})

test('a number of threads out of range is refused', () => {
  for (const threads of [0, 65, 1.5])
    expect(() => wasmEngine({ threads })).toThrow(`expected a whole number from 1 to 64, got ${threads}`)
})

test('Adam’s state without its count of steps is refused', async () => {
  const session = await engine.open(
    jobFor(await smallSpec(), {
      optimizer: { name: 'adam', learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    }),
    { train: noise(4) },
  )
  const state = await session.readOptimizer()
  await expect(session.writeOptimizer(state.slice(1))).rejects.toThrow('expected an array "iteration" of one value')
  await session.dispose()
})

test.each([[[28, 28]], [[7, 3]], [[6, 5, 1]], [[3]]])('takes samples of shape %j', async (shape) => {
  const spec = await drawnSpec(shape, [
    ...(shape.length > 1 ? [layers.flatten()] : []),
    layers.dense({ units: 6, activation: 'relu' }),
    layers.dense({ units: 3, activation: 'softmax' }),
  ])
  const flat = shape.reduce((a, b) => a * b)
  const data = images([1, 1, flat], 4, 3)
  const same = await drawnSpec(
    [flat],
    [layers.dense({ units: 6, activation: 'relu' }), layers.dense({ units: 3, activation: 'softmax' })],
  )
  const [a, b] = [
    await oneStep(engine, stepJob(spec, data, { input: unitRange(shape) }), data, 1),
    await oneStep(
      engine,
      stepJob(
        { ...same, weights: same.weights.map((w, i) => ({ ...w, values: spec.weights[i]?.values ?? w.values })) },
        data,
        { input: unitRange([flat]) },
      ),
      data,
      1,
    ),
  ]
  expect(a.loss).toBeCloseTo(b.loss, 4)
  a.weights.forEach(({ values }, i) => {
    for (const [k, value] of values.entries()) expect(value).toBeCloseTo(b.weights[i]?.values[k] ?? Number.NaN, 5)
  })
})
