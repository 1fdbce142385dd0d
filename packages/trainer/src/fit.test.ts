import { adam, RandomState, sgd } from '@gicho/core'
import { expect, test } from 'vitest'
import { type FakeOptions, fakeEngine, fakeModel } from '../test/fake-engine.ts'
import { samples } from '../test/samples.ts'
import type { FitContext } from './callback.ts'
import { earlyStopping } from './early-stopping.ts'
import { evaluate, predict } from './evaluate.ts'
import { fit } from './fit.ts'
import type { TrainableModel } from './model.ts'
import type { FitOptions } from './options.ts'

/** A fit on the fake engine: ten images in batches of 4, unless said. */
async function run(options: FitOptions = {}, fake: FakeOptions = {}, length = 10) {
  const model = fakeModel()
  const { engine, log } = fakeEngine(fake)
  const result = await fit(model, samples(length), { batchSize: 4, engine, ...options }).catch((error: Error) => error)
  return { model, log, result }
}

function done<T>(result: T | Error): T {
  if (result instanceof Error) throw result
  return result
}

const orders = (log: { requests: { order: Uint32Array }[] }) => log.requests.map(({ order }) => [...order])

test('an epoch is one pass in numpy’s permutation for the seed, and each has a new one', async () => {
  const { log } = await run({ epochs: 2, seed: 5 })
  const random = new RandomState(5)
  expect(orders(log)).toEqual([[...random.permutation(10)], [...random.permutation(10)]])
  expect(log.requests.map(({ firstStep }) => firstStep)).toEqual([0, 3])
})

test('without shuffling the order is the data’s', async () => {
  const { log } = await run({ shuffle: false })
  expect(orders(log)).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]])
})

test('half a pass an epoch goes on where the pass stopped', async () => {
  const { log, result } = await run({ shuffle: false, epochs: 3, stepsPerEpoch: 2 }, {}, 16)
  expect(orders(log).map(([first]) => first)).toEqual([0, 8, 0])
  expect(orders(log).every((order) => order.length === 8)).toBe(true)
  expect(done(result).history).toHaveLength(3)
})

test('two passes an epoch take two permutations, with the short batch at the end of each', async () => {
  const { log } = await run({ stepsPerEpoch: 6, seed: 5 })
  const random = new RandomState(5)
  expect(orders(log)).toEqual([[...random.permutation(10)], [...random.permutation(10)]])
  expect(log.requests.map(({ firstStep }) => firstStep)).toEqual([0, 3])
})

test('an epoch may end in the middle of the next pass', async () => {
  const { log } = await run({ stepsPerEpoch: 4, shuffle: false, epochs: 2 })
  expect(orders(log)).toEqual([
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [0, 1, 2, 3],
    [4, 5, 6, 7, 8, 9],
    [0, 1, 2, 3, 4, 5, 6, 7],
  ])
})

test('the history has Keras’ names, means over samples, and epochs counted from 1', async () => {
  const { result, model, log } = await run(
    { epochs: 2, validationData: samples(6) },
    { loss: (call) => 3 - call, validationLoss: (call) => 5 + call },
  )
  const { history, device, optimizerState, compile, stopped } = done(result)
  expect(history).toMatchObject([
    { epoch: 1, loss: 3, accuracy: 0.5, val_loss: 5, val_accuracy: 0.5 },
    { epoch: 2, loss: 2, accuracy: 0.5, val_loss: 6, val_accuracy: 0.5 },
  ])
  expect(history[0]?.seconds).toBeGreaterThanOrEqual(0)
  expect(device.name).toBe('pencil')
  expect(optimizerState[0]?.values[0]).toBe(7)
  expect(compile).toMatchObject({
    loss: 'categoricalCrossentropy',
    optimizer: { name: 'rmsprop' },
    metrics: ['accuracy'],
  })
  expect(stopped).toBeUndefined()
  expect(model.value()).toBe(6)
  expect(log.disposed).toBe(1)
})

test('without validation the record has no val_ metrics', async () => {
  const { result } = await run()
  expect(Object.keys(done(result).history[0] ?? {})).toEqual(['epoch', 'loss', 'accuracy', 'seconds', 'msPerStep'])
})

test('a mean error has no accuracy: not in the history, nor to be watched, nor in what was compiled', async () => {
  const loss = 'meanSquaredError'
  const { result } = await run({ loss, validationData: samples(6) })
  const { history, compile } = done(result)
  expect(Object.keys(history[0] ?? {})).toEqual(['epoch', 'loss', 'val_loss', 'seconds', 'msPerStep'])
  expect(compile.metrics).toEqual([])
  const { result: refused } = await run({ loss, callbacks: [earlyStopping({ monitor: 'accuracy' })] })
  expect(String(refused)).toContain('accuracy is watched, but with a mean error only the loss is measured.')
  expect(await evaluate(fakeModel(), samples(6), { loss, engine: fakeEngine().engine })).toEqual({ loss: 1 })
})

test('validationSplit holds out the last part', async () => {
  const { log } = await run({ validationSplit: 0.25 })
  expect([log.data?.train.length, log.data?.validation?.length]).toEqual([7, 3])
  expect(log.data?.validation?.images).toEqual(samples(10).images.subarray(28))
  expect(log.data?.validation?.labels).toEqual(samples(10).labels.subarray(7))
  const given = await run({ validationSplit: 0.25, validationData: samples(2) })
  expect([given.log.data?.train.length, given.log.data?.validation?.length]).toEqual([10, 2])
})

test('initialEpoch numbers the epochs and the steps from there', async () => {
  const { log, result } = await run({ initialEpoch: 3, epochs: 5 })
  expect(done(result).history.map(({ epoch }) => epoch)).toEqual([4, 5])
  expect(log.requests.map(({ firstStep }) => firstStep)).toEqual([9, 12])
})

test('class weights follow the labels, sample weights the rows', async () => {
  const byClass = await run({ shuffle: false, classWeight: { 1: 3 } })
  expect([...(byClass.log.requests[0]?.sampleWeights ?? [])]).toEqual([1, 3, 1, 1, 3, 1, 1, 3, 1, 1])
  const sampleWeight = Float32Array.from({ length: 10 }, (_, row) => row)
  const byRow = await run({ sampleWeight, seed: 2 })
  expect([...(byRow.log.requests[0]?.sampleWeights ?? [])]).toEqual(orders(byRow.log)[0])
})

test('balanced class weights give every class the same share, as scikit-learn computes them', async () => {
  const data = { ...samples(8), labels: Uint8Array.of(0, 0, 0, 0, 0, 2, 2, 0) }
  const { engine, log } = fakeEngine()
  await fit(fakeModel(), data, { engine, shuffle: false, classWeight: 'balanced' })
  // compute_class_weight('balanced', classes=[0, 2], y=…) of scikit-learn 1.7: 8 / (2 * 6), 8 / (2 * 2).
  const [often, seldom] = [Math.fround(2 / 3), 2]
  expect([...(log.requests[0]?.sampleWeights ?? [])]).toEqual([
    often,
    often,
    often,
    often,
    often,
    seldom,
    seldom,
    often,
  ])
})

test('progress counts the epoch’s steps over all its passes; the start tells what is coming', async () => {
  const steps: number[] = []
  const starts: unknown[] = []
  await run({ stepsPerEpoch: 5, onProgress: ({ steps: n }) => steps.push(n), onStart: (start) => starts.push(start) })
  expect(steps).toEqual([1, 2, 3, 4, 5])
  expect(starts).toEqual([
    { engine: 'fake', device: 'pencil', threads: 1, parameters: 1, train: 10, valid: 0, stepsPerEpoch: 5 },
  ])
})

test('a signal stops between steps; the model has the weights so far and the epoch doesn’t count', async () => {
  const control = new AbortController()
  let steps = 0
  const onStep = () => {
    if (++steps === 5) control.abort()
  }
  const { result, model, log } = await run({ epochs: 9, signal: control.signal }, { onStep })
  expect(done(result)).toMatchObject({ stopped: 'aborted', history: [{ epoch: 1 }] })
  expect(model.value()).toBe(5)
  expect(log.disposed).toBe(1)
})

test('a signal that fired before trains nothing', async () => {
  const { result, model } = await run({ signal: AbortSignal.abort() })
  expect(done(result)).toMatchObject({ stopped: 'aborted', history: [] })
  expect(model.value()).toBe(0)
})

test('a loss that is no number ends the training at once, naming epoch, step and what to do', async () => {
  const { result, model, log } = await run({ epochs: 5 }, { loss: (call) => (call === 1 ? Number.NaN : 1) })
  expect(result).toMatchObject({ code: 'not-finite' })
  expect(String(result)).toMatch(
    /the loss became NaN in epoch 2, by step 1\. The model keeps .* Lower the learning rate/,
  )
  expect(model.value()).toBe(3)
  expect(log.disposed).toBe(1)
})

test('a validation loss that is infinite ends the training too', async () => {
  const { result } = await run({ validationSplit: 0.2 }, { validationLoss: () => Number.POSITIVE_INFINITY })
  expect(result).toMatchObject({ code: 'not-finite' })
  expect(String(result)).toContain('the validation loss became Infinity after epoch 1')
})

test('callbacks are called in order, awaited, and can stop, read, write and change the rate', async () => {
  const calls: string[] = []
  const { result, log, model } = await run({
    epochs: 4,
    callbacks: [
      {
        onTrainBegin: ({ epochs, stepsPerEpoch, validates }) =>
          void calls.push(`begin ${epochs} ${stepsPerEpoch} ${validates}`),
        onEpochBegin: (epoch) => void calls.push(`epoch ${epoch}`),
        async onEpochEnd({ epoch }, context) {
          calls.push(`end ${epoch} ${(await context.readWeights())[0]?.values[0]}`)
          context.learningRate /= 10
          if (epoch === 2) context.stop()
        },
        async onTrainEnd(history, context) {
          calls.push(`done ${history.length} ${context.stopped} ${(await context.readOptimizer()).length}`)
          await context.writeWeights([{ name: 'count', shape: [1], values: Float32Array.of(42) }])
        },
      },
    ],
  })
  expect(calls).toEqual(['begin 4 3 false', 'epoch 1', 'end 1 3', 'epoch 2', 'end 2 6', 'done 2 early 1'])
  expect(done(result).stopped).toBe('early')
  expect(log.requests.map(({ learningRate }) => learningRate)).toEqual([1e-3, 1e-4])
  expect(model.value()).toBe(42)
})

test.each([
  ['clipNorm', sgd({ clipNorm: 4 })],
  ['globalClipNorm', adam({ globalClipNorm: 4 })],
  ['clipValue', sgd({ clipValue: 4 })],
])('a callback can change the limit of %s between epochs', async (_, optimizer) => {
  const halving = {
    onEpochEnd(_: unknown, context: FitContext) {
      if (context.clip !== undefined) context.clip /= 2
    },
  }
  const { log } = await run({ epochs: 3, optimizer, callbacks: [halving] })
  expect(log.requests.map(({ clip }) => clip)).toEqual([4, 2, 1])
})

test('without a clip a callback sees none, and no limit is asked for', async () => {
  const seen: unknown[] = []
  const { log } = await run({ callbacks: [{ onEpochEnd: (_, { clip }) => void seen.push(clip) }] })
  expect(seen).toEqual([undefined])
  expect(log.requests.some((request) => 'clip' in request)).toBe(false)
})

test('what a callback throws reaches the caller, and everything is closed', async () => {
  const { result, log } = await run({ onEpoch: () => Promise.reject(new Error('disk full')) })
  expect(result).toMatchObject({ message: 'disk full' })
  expect(log.disposed).toBe(1)
})

const huge = samples(10)
test.each([
  [{ epoch: 5 }, 'fit: there is no option epoch. Did you mean epochs?'],
  [{ quux: 5 }, 'fit: there is no option quux. Known are epochs, batchSize'],
  [{ epochs: 0 }, 'fit: expected epochs to be a whole number >= 1, got 0.'],
  [{ batchSize: 1.5 }, 'fit: expected batchSize to be a whole number >= 1, got 1.5.'],
  [{ initialEpoch: -1 }, 'fit: expected initialEpoch to be a whole number >= 0, got -1.'],
  [{ stepsPerEpoch: 0 }, 'fit: expected stepsPerEpoch to be a whole number >= 1, got 0.'],
  [{ stepsPerEpoch: 2.5 }, 'fit: expected stepsPerEpoch to be a whole number >= 1, got 2.5.'],
  [{ validationSplit: 1 }, 'fit: expected validationSplit to be in [0, 1), got 1.'],
  [{ validationSplit: 0.99 }, 'fit: validationSplit 0.99 of 10 images leaves 0 to train on.'],
  [{ loss: 'mse' }, 'fit: there is no loss mse. Known are categoricalCrossentropy'],
  [{ seed: 2 ** 32 }, 'fit: expected seed to be a whole number from 0 to 4294967295, got 4294967296.'],
  [{ sampleWeight: new Float32Array(3) }, 'sampleWeight to have one number for each of 10 images, got 3.'],
  [{ sampleWeight: new Float32Array(10).fill(-1) }, 'fit: expected sampleWeight to hold finite numbers >= 0, got -1.'],
  [{ classWeight: 'balance' }, "weights by label, { 0: 1, 1: 2.5 }, or 'balanced', got the string balance."],
  [{ classWeight: { 3: 1 } }, 'fit: expected classWeight for labels 0..2, got one for 3.'],
  [{ classWeight: { 0: 1 }, sampleWeight: new Float32Array(10) }, 'classWeight and sampleWeight were both given'],
  [{ input: { shape: [5], scale: 1, offset: 0 } }, "images of shape (2, 2, 1) don't fit the model's samples (5,)"],
  [{ validationData: huge.images }, 'fit: validationData: expected an ImageDataset as data, got a Uint8Array.'],
  [{ validationData: { ...huge, images: Float32Array.from(huge.images) } }, 'got a Float32Array. Float images'],
  [
    { validationData: { ...huge, classNames: ['a', 'c', 'b'] } },
    'its label 1 is c, which is label 2 of the data that is',
  ],
  [{ epochs: '3' }, 'fit: expected epochs to be a whole number >= 1, got the string 3.'],
  [{ seed: '1' }, 'from 0 to 4294967295, got the string 1.'],
  [{ validationSplit: '0.2' }, 'fit: expected validationSplit to be in [0, 1), got the string 0.2.'],
  [{ labelSmoothing: '0.1' }, 'to be a number in [0, 1), got the string 0.1.'],
  [{ checkpointSeconds: '30' }, 'fit: expected checkpointSeconds above 0, got the string 30.'],
  [{ shuffle: 'batch' }, 'fit: expected shuffle to be true or false, got the string batch.'],
  [{ classWeight: new Map([[0, 2]]) }, "or 'balanced', got an object of class Map."],
  [{ classWeight: null }, "or 'balanced', got nothing."],
  [{ classWeight: { 0.5: 1 } }, 'fit: expected classWeight for labels 0..2, got one for 0.5.'],
  [{ classWeight: { '-1': 1 } }, 'fit: expected classWeight for labels 0..2, got one for -1.'],
  [
    { sampleWeight: null },
    'fit: expected sampleWeight to be a Float32Array with a weight for each image, got nothing.',
  ],
  [{ input: {} }, 'got a shape that is nothing. It is the model'],
  [
    { input: null },
    'fit: expected input to be { shape, scale, offset }, as unitRange([28, 28, 1]) of @gicho/core gives it, got nothing',
  ],
  [{ input: { shape: [4], scale: Number.NaN, offset: 0 } }, 'got scale that is NaN. It is a finite number.'],
  [{ augment: 'flip' }, 'fit: expected augment to be an ImageDataGenerator of @gicho/augment, got the string flip.'],
  [{ signal: {} }, 'fit: expected signal to be an AbortSignal (new AbortController().signal), got an object.'],
  [{ onEpoch: 5 }, 'fit: expected onEpoch to be a function, got the number 5.'],
  [{ onWarning: 'console' }, 'fit: expected onWarning to be a function, got the string console.'],
  [
    { resumeFrom: {} },
    'a state that onCheckpoint was given, or what decodeCheckpoint makes of its bytes, got one whose weights is',
  ],
  [{ optimizer: { name: 'adam', beta1: 2 } }, 'adam: expected beta1 to be a number from 0 up to but not 1, got 2.'],
  [{ optimizer: { name: 'sgd', lr: 1 } }, 'sgd: there is no option lr.'],
  [{ validationData: { ...huge, labels: huge.labels.with(3, 7) } }, 'label 7 of image 3 is outside the 3 classes'],
])('refuses %o before anything is opened', async (options, message) => {
  const { result, log } = await run(options as FitOptions)
  expect(result).toBeInstanceOf(Error)
  expect(String(result)).toContain(message)
  expect(log.job).toBeUndefined()
})

test('an optimizer that is written by hand has Keras’ defaults for what it leaves out', async () => {
  const byHand: object = { name: 'adam', learningRate: 0.01 }
  const { log } = await run({ optimizer: byHand } as FitOptions)
  expect(log.job?.optimizer).toEqual(adam({ learningRate: 0.01 }))
})

test('validation data may name its classes otherwise, or fewer of them', async () => {
  const named = (...classNames: string[]) => ({ ...samples(2), classNames })
  for (const classNames of [
    ['x', 'y', 'z'],
    ['a', 'b'],
    ['a', 'b', 'c', 'd'],
  ]) {
    done((await run({ validationData: named(...classNames) })).result)
  }
})

test('weights that the very last step broke are an error, and the model keeps those from before', async () => {
  const { result, model } = await run({}, { brokenWeights: true })
  expect(result).toMatchObject({ code: 'not-finite' })
  expect(String(result)).toContain(
    'are no longer finite at the end of epoch 1. The model keeps its weights from before',
  )
  expect(model.value()).toBe(0)
})

test('evaluate and predict refuse values of another kind than their options', async () => {
  const options: object = { input: { shape: [4] } }
  const message = 'expected input to be { shape, scale, offset }'
  await expect(evaluate(fakeModel(), samples(4), options)).rejects.toThrow(`evaluate: ${message}`)
  await expect(predict(fakeModel(), samples(4).images, options)).rejects.toThrow(`predict: ${message}`)
})

test('a label outside the model’s outputs is refused before the start', async () => {
  const { engine, log } = fakeEngine()
  const data = { ...samples(4), labels: Uint8Array.of(0, 1, 3, 0), classNames: ['a', 'b', 'c', 'd'] }
  await expect(fit(fakeModel(), data, { engine })).rejects.toThrow(
    "label 3 of image 2 (train) is outside the model's 3 classes (0..2)",
  )
  expect(log.job).toBeUndefined()
})

test('an empty dataset and a model of unknown size are refused', async () => {
  await expect(fit(fakeModel(), samples(0))).rejects.toThrow('the dataset (train) has no images')
  const open = { ...fakeModel(), inputs: [{ shape: [null, null, 3] }] }
  await expect(fit(open, samples(4))).rejects.toThrow('one input of known size, got (None, None, 3)')
})

const tensor = { shape: [10, 2, 2, 1], dataSync: () => [] }
test.each<[string, unknown, string]>([
  ['tensors', tensor, 'got a tensor of shape [10, 2, 2, 1]. Tensors are what fit(xs, ys) of plain tfjs takes.'],
  ['a list', [[0, 1]], 'got a plain array. Lists of images are not taken.'],
  [
    'a generator function',
    function* () {},
    'got a function. Generators and tf.data sources are not taken: the augment option',
  ],
  [
    'a tf.data source',
    new (class Dataset {
      iterator() {}
    })(),
    'got an object of class Dataset. Generators and tf.data',
  ],
  ['nothing', undefined, ': expected an ImageDataset as data, got nothing. Images and labels are one object'],
  [
    'float images',
    { ...samples(4), images: new Float32Array(16) },
    'images: expected bytes 0..255 in a Uint8Array, got a Float32Array',
  ],
  [
    'float labels',
    { ...samples(4), labels: Float32Array.of(0.1, 0.5, 0.9, 1) },
    'Number 0 is 0.1: a label is the number of a class',
  ],
  ['images of one axis', { ...samples(4), shape: [4] }, 'got the shape [4]. It is [height, width, channels]'],
])('%s as data: refused by fit and evaluate, with what to do', async (_, data, message) => {
  const given = Object.assign({ data: samples(1) }, { data })
  await expect(fit(fakeModel(), given.data, tensor as object)).rejects.toThrow(message)
  await expect(evaluate(fakeModel(), given.data)).rejects.toThrow(message)
})

test('a second tensor as options, and what is no model, are named', async () => {
  await expect(fit(fakeModel(), samples(4), tensor as object)).rejects.toThrow('fit: there is no option shape.')
  const none: { model: TrainableModel } = Object.assign({ model: fakeModel() }, JSON.parse('{"model":null}'))
  await expect(fit(none.model, samples(4))).rejects.toThrow(
    'fit: expected a tfjs-layers model (sequential(), model()), got nothing.',
  )
  const open = Object.assign(fakeModel(), { inputs: undefined })
  await expect(fit(open, samples(4))).rejects.toThrow(
    'the model has no input yet, so it has no weights. Give its first layer',
  )
})
