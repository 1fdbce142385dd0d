import '@tensorflow/tfjs-backend-cpu'
import { isGichoError, rmsprop, unitRange } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { afterEach, expect, test } from 'vitest'
import { fromArtifacts, type SavedModel, toArtifacts } from './saved-model.ts'

const made: tfl.LayersModel[] = []

afterEach(() => {
  for (const model of made.splice(0)) model.dispose()
})

function small(): tfl.LayersModel {
  const kernelInitializer = tfl.initializers.glorotUniform({ seed: 1 })
  const layers = [
    tfl.layers.dense({ name: 'dense', units: 2, inputShape: [4], activation: 'softmax', kernelInitializer }),
  ]
  const model = tfl.sequential({ name: 'small', layers })
  made.push(model)
  return model
}

function saved(): SavedModel {
  return {
    model: small(),
    classNames: ['cat', 'dog'],
    input: unitRange([4]),
    compile: { loss: 'categoricalCrossentropy', optimizer: rmsprop({ learningRate: 1e-4 }), metrics: ['accuracy'] },
    optimizerState: [
      { name: 'dense/kernel', shape: [4, 2], values: Float32Array.from({ length: 8 }, (_, i) => i / 7) },
      { name: 'iterations', shape: [], values: Float32Array.of(5) },
    ],
  }
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (isGichoError(error)) return error.code
  }
  return 'none'
}

test('everything comes back, bit for bit', async () => {
  const before = saved()
  const { model, ...rest } = await fromArtifacts(await toArtifacts(before))
  made.push(model)
  const { model: _, ...expected } = before
  expect(rest).toEqual(expected)
  expect(model.weights.map((w) => w.originalName)).toEqual(['dense/kernel', 'dense/bias'])
  for (const [i, weight] of model.weights.entries()) {
    expect(await weight.read().data()).toEqual(await before.model.weights[i]?.read().data())
  }
})

test('a slot array that is a view into a larger one is saved alone', async () => {
  const values = Float32Array.of(9, 1, 2, 9).subarray(1, 3)
  const artifacts = await toArtifacts({ ...saved(), optimizerState: [{ name: 'v', shape: [2], values }] })
  const { model, optimizerState } = await fromArtifacts(artifacts)
  made.push(model)
  expect(optimizerState).toEqual([{ name: 'v', shape: [2], values: Float32Array.of(1, 2) }])
})

test('optional parts may be absent', async () => {
  const { model, ...rest } = await fromArtifacts(
    await toArtifacts({ model: small(), classNames: ['a', 'b'], input: unitRange([4]) }),
  )
  made.push(model)
  expect(rest).toEqual({ classNames: ['a', 'b'], input: unitRange([4]) })
})

test('plain tfjs loads it, optimizer state and all, and keeps the metadata when it saves again', async () => {
  const artifacts = await toArtifacts(saved())
  const plain = await tfl.loadLayersModel(tf.io.fromMemory(artifacts))
  made.push(plain)
  expect(plain.getUserDefinedMetadata()).toMatchObject({ gicho: { classNames: ['cat', 'dog'] } })
  plain.compile({ loss: 'categoricalCrossentropy', optimizer: 'sgd' })
  let again: tf.io.ModelArtifacts = {}
  const handler = tf.io.withSaveHandler(async (a) => {
    again = a
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(a) }
  })
  await plain.save(handler, { includeOptimizer: true })
  const { model, classNames, optimizerState } = await fromArtifacts(again)
  made.push(model)
  expect(classNames).toEqual(['cat', 'dog'])
  expect(optimizerState).toBeUndefined() // tfjs' own state has another form
})

test('travels through every handler that keeps artifacts, in shards too', async () => {
  const artifacts = structuredClone(await toArtifacts(saved())) // IndexedDB stores clones
  const { weightData } = artifacts
  if (!(weightData instanceof ArrayBuffer)) throw new Error('expected one buffer')
  const shards = [weightData.slice(0, 10), weightData.slice(10)]
  const { model, classNames } = await fromArtifacts({ ...artifacts, weightData: shards })
  made.push(model)
  expect(classNames).toEqual(['cat', 'dog'])
})

test('leaks no tensor, loaded or refused', async () => {
  const artifacts = await toArtifacts(saved())
  const before = tf.memory().numTensors
  const loaded = await fromArtifacts(artifacts)
  expect(tf.memory().numTensors).toBe(before + 2)
  loaded.model.dispose()
  const metadata = structuredClone(artifacts.userDefinedMetadata)
  Object.assign(metadata?.gicho ?? {}, { classNames: ['only one'] })
  expect(await codeOf(fromArtifacts({ ...artifacts, userDefinedMetadata: metadata ?? {} }))).toBe('bad-shape')
  expect(tf.memory().numTensors).toBe(before)
})

test('class names, input treatment and slots must fit the model', async () => {
  await expect(toArtifacts({ ...saved(), classNames: ['one'] })).rejects.toThrow(
    'saveModel: expected 2 class names, one for each output of the model, got 1.',
  )
  await expect(toArtifacts({ ...saved(), input: unitRange([2, 2]) })).rejects.toThrow(
    'saveModel: expected an input treatment of shape (4,), which the model takes, got (2, 2).',
  )
  const slot = { name: 'v', shape: [3], values: new Float32Array(2) }
  await expect(toArtifacts({ ...saved(), optimizerState: [slot] })).rejects.toThrow(
    'saveModel: expected 3 values in optimizer array v (3,), got 2.',
  )
  const twice = { name: 'v', shape: [1], values: new Float32Array(1) }
  await expect(toArtifacts({ ...saved(), optimizerState: [twice, twice] })).rejects.toThrow(
    'saveModel: expected optimizer arrays of different names, got v twice.',
  )
})

test('weights of the wrong length are refused', async () => {
  const artifacts = await toArtifacts({ ...saved(), optimizerState: [] })
  await expect(fromArtifacts({ ...artifacts, weightData: new ArrayBuffer(36) })).rejects.toThrow(
    'model: expected 40 bytes of weights, got 36. The file is damaged: save the model again.',
  )
})

test('weights of names that the topology lacks are refused', async () => {
  const artifacts = await toArtifacts({ ...saved(), optimizerState: [] })
  const weightSpecs =
    artifacts.weightSpecs?.map((spec) => ({ ...spec, name: spec.name.replace('dense', 'other') })) ?? []
  await expect(fromArtifacts({ ...artifacts, weightSpecs })).rejects.toThrow(
    'model: expected a model that tfjs can rebuild, but Provided weight data has no target variable: other/kernel. Pass what',
  )
})

test('weights of text are refused', async () => {
  const artifacts = await toArtifacts({ ...saved(), optimizerState: [] })
  const weightSpecs = artifacts.weightSpecs?.map((spec) => ({ ...spec, dtype: 'string' as const })) ?? []
  await expect(fromArtifacts({ ...artifacts, weightSpecs })).rejects.toThrow(
    'weight dense/kernel: expected numbers, got dtype string.',
  )
})

test.each([
  [{ modelTopology: undefined }, 'bad-data', 'expected a layers model (modelTopology with class_name and config)'],
  [{ modelTopology: { node: [] } }, 'bad-data', 'expected a layers model (modelTopology with class_name and config)'],
  [
    { format: 'graph-model' },
    'unsupported',
    'expected a layers model, got a graph model, whose layers are gone. Go back to the Keras model',
  ],
  [
    { modelTopology: new ArrayBuffer(1) },
    'unsupported',
    'expected a layers model, got a graph model, whose layers are gone.',
  ],
  [
    { modelTopology: { keras_version: '3.15.1', class_name: 'Sequential', config: {} } },
    'unsupported',
    "expected a topology of tfjs or Keras 2, got one of Keras 3, which isn't read yet.",
  ],
  [{ modelTopology: { module: 'keras', class_name: 'Sequential', config: {} } }, 'unsupported', 'got one of Keras 3'],
  [
    {
      modelTopology: {
        model_config: { class_name: 'Sequential', config: { layers: [{ config: { batch_shape: [] } }] } },
      },
    },
    'unsupported',
    'got one of Keras 3',
  ],
  [{ userDefinedMetadata: {} }, 'bad-data', "expected gicho's metadata"],
])('artifacts with %j are refused as %s', async (change, code, message) => {
  const artifacts: object = { ...(await toArtifacts(saved())), ...change }
  await expect(fromArtifacts(artifacts)).rejects.toThrow(message)
  expect(await codeOf(fromArtifacts(artifacts))).toBe(code)
})

test('layers that were frozen with the model they came from come back frozen', async () => {
  const base = tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 3, inputShape: [4], name: 'below' }),
      tfl.layers.batchNormalization({ name: 'norm' }),
    ],
  })
  base.trainable = false
  const nested = tfl.sequential({
    layers: [base, tfl.layers.dense({ units: 2, activation: 'softmax', name: 'classes' })],
  })
  const [end] = base.outputs
  const top = tfl.layers.dense({ units: 2, activation: 'softmax', name: 'top' })
  const flat = tfl.model({ inputs: base.inputs, outputs: end ? (top.apply(end) as tfl.SymbolicTensor) : [] })
  made.push(flat) // which shares its layers with the other
  for (const model of [nested, flat]) {
    const again = await fromArtifacts(await toArtifacts({ ...saved(), model }))
    made.push(again.model)
    const names = (weights: readonly { originalName: string }[]) => weights.map(({ originalName }) => originalName)
    expect(names(again.model.trainableWeights)).toEqual(names(model.trainableWeights))
    expect(names(again.model.trainableWeights)).toHaveLength(2)
    expect(again.model.getLayer(model === flat ? 'norm' : base.name).getConfig()).toMatchObject(
      model === flat ? { trainable: false } : {},
    )
  }
})

test('a field that a saved model does not have is refused with the one that was meant', async () => {
  const misspelt: object = { clasNames: ['a'] }
  await expect(toArtifacts({ ...saved(), ...misspelt })).rejects.toThrow(
    'saveModel: there is no option clasNames. Did you mean classNames?',
  )
})
