/* Models that tfjs itself saves or loads otherwise than Keras: through saveModel and loadModel they come back as they were. */
import '@tensorflow/tfjs-backend-cpu'
import { unitRange } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { fromArtifacts, toArtifacts } from './saved-model.ts'

const { constraints, layers, regularizers } = tfl

async function savedAndLoaded(model: tfl.LayersModel): Promise<tfl.LayersModel> {
  const shape = model.inputs[0]?.shape.slice(1).map(Number) ?? []
  const classNames = Array.from({ length: Number(model.outputs[0]?.shape.at(-1)) }, (_, i) => String(i))
  return (await fromArtifacts(await toArtifacts({ model, classNames, input: unitRange(shape) }))).model
}

async function valuesOf(model: tfl.LayersModel): Promise<Record<string, number[]>> {
  const values: Record<string, number[]> = {}
  for (const weight of model.weights) values[weight.originalName] = [...(await weight.read().data())]
  return values
}

async function predict(model: tfl.LayersModel, x: tf.Tensor): Promise<number[]> {
  const [output] = [model.predict(x)].flat()
  return output ? [...(await output.data())] : []
}

const image = (): tf.Tensor =>
  tf.tensor4d(
    Float32Array.from({ length: 32 }, (_, i) => Math.sin(i)),
    [1, 4, 4, 2],
  )

function classifier(...middle: readonly tfl.layers.Layer[]): tfl.LayersModel {
  const input = layers.inputLayer({ inputShape: [4, 4, 2] })
  return tfl.sequential({ layers: [input, ...middle, layers.flatten(), layers.dense({ units: 3 })] })
}

test('weights longer than their max-norm come back to the bit, and the norm still holds what is trained', async () => {
  const kernelConstraint = constraints.maxNorm({ maxValue: 0.3, axis: 0 })
  const dense = { units: 2, kernelConstraint, trainable: false, name: 'frozen' }
  const model = tfl.sequential({ layers: [layers.dense({ ...dense, inputShape: [3] }), layers.dense({ units: 2 })] })
  const kernel = Float32Array.of(0.9, 0.1, 0.8, 0.2, 0.25, 0.1)
  const kernelOf = (from: tfl.LayersModel) => from.weights.find(({ originalName }) => originalName === 'frozen/kernel')
  const variable = kernelOf(model)?.read()
  if (variable instanceof tf.Variable) variable.assign(tf.tensor2d(kernel, [3, 2]))
  const before = tf.memory().numTensors
  const again = await savedAndLoaded(model)
  expect(tf.memory().numTensors).toBe(before + 4)
  expect(await valuesOf(again)).toEqual(await valuesOf(model))
  expect((await valuesOf(again))['frozen/kernel']).toEqual([...kernel])
  kernelOf(again)?.write(tf.tensor2d(kernel, [3, 2]))
  expect(Math.hypot(0.9, 0.8, 0.25)).toBeGreaterThan(0.3)
  const [a = 0, , b = 0, , c = 0] = (await valuesOf(again))['frozen/kernel'] ?? []
  expect(Math.hypot(a, b, c)).toBeCloseTo(0.3, 5)
})

test.each<[string, () => tfl.layers.Layer]>([
  [
    'a DepthwiseConv2D with a regularizer',
    () => layers.depthwiseConv2d({ kernelSize: 2, depthwiseRegularizer: regularizers.l2({ l2: 0.05 }) }),
  ],
  [
    'a DepthwiseConv2D with a regularizer and a constraint',
    () =>
      layers.depthwiseConv2d({
        kernelSize: 2,
        depthwiseRegularizer: regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
        depthwiseConstraint: constraints.minMaxNorm({ minValue: 0.1, maxValue: 0.3, axis: 1, rate: 0.5 }),
      }),
  ],
  [
    'a DepthwiseConv2D with a constraint',
    () => layers.depthwiseConv2d({ kernelSize: 2, depthwiseConstraint: 'unitNorm' }),
  ],
  [
    'a SeparableConv2D with a depth multiplier',
    () => layers.separableConv2d({ filters: 3, kernelSize: 2, depthMultiplier: 2, pointwiseRegularizer: 'l1l2' }),
  ],
])('%s is saved whole and loaded again', async (_, make) => {
  const model = classifier(make())
  const again = await savedAndLoaded(model)
  expect(await predict(again, image())).toEqual(await predict(model, image()))
  const told = (layer: tfl.layers.Layer | undefined) =>
    Object.fromEntries(
      ['depthwiseRegularizer', 'depthwiseConstraint', 'pointwiseRegularizer', 'depthMultiplier'].map((field) => {
        const value: unknown = layer && Reflect.get(layer, field)
        return [field, value instanceof tf.serialization.Serializable ? value.getConfig() : value]
      }),
    )
  expect(told(again.layers[1])).toEqual(told(model.layers[1]))
})

test('a model inside a model is saved whole, too', async () => {
  const inner = tfl.sequential({
    layers: [layers.separableConv2d({ filters: 3, kernelSize: 2, depthMultiplier: 2, inputShape: [4, 4, 2] })],
  })
  const model = classifier(inner)
  expect(await predict(await savedAndLoaded(model), image())).toEqual(await predict(model, image()))
})

test('a file of plain tfjs that has the regularizer as the constraint is loaded', async () => {
  const model = classifier(
    layers.depthwiseConv2d({ kernelSize: 2, depthwiseRegularizer: regularizers.l2({ l2: 0.05 }) }),
  )
  const saved = await toArtifacts({ model, classNames: ['a', 'b', 'c'], input: unitRange([4, 4, 2]) })
  const mixedUp = JSON.parse(JSON.stringify(model.toJSON(null, false)))
  expect(JSON.stringify(mixedUp)).toContain('"depthwise_constraint":{"class_name":"L1L2"')
  const again = await fromArtifacts({ ...saved, modelTopology: mixedUp })
  expect(await predict(again.model, image())).toEqual(await predict(model, image()))
})

/** What a file of Keras 3 says of a small network, in the form that tfjs reads. */
function keras3Topology(version: string | undefined, middle: readonly { class_name: string; config: object }[]) {
  const input = { class_name: 'InputLayer', config: { name: 'image', batch_input_shape: [null, 1, 2, 1] } }
  const flat = { class_name: 'Flatten', config: { name: 'flat' } }
  const model_config = { class_name: 'Sequential', config: { name: 'net', layers: [input, ...middle, flat] } }
  return version ? { keras_version: version, model_config } : { model_config }
}

async function loadedFrom(topology: object, outputs: number): Promise<tfl.LayersModel> {
  const metadata = await toArtifacts({
    model: tfl.sequential({ layers: [layers.flatten({ inputShape: [1, 2, 1] })] }),
    classNames: ['a', 'b'],
    input: unitRange([1, 2, 1]),
  })
  const text = JSON.stringify(metadata.userDefinedMetadata).replace(
    '["a","b"]',
    JSON.stringify(Array(outputs).fill('c')),
  )
  const userDefinedMetadata = JSON.parse(text)
  return (await fromArtifacts({ ...metadata, modelTopology: topology, userDefinedMetadata })).model
}

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 6))
const gate = [{ class_name: 'Activation', config: { name: 'gate', activation: 'hard_sigmoid' } }]
const up = [{ class_name: 'UpSampling2D', config: { name: 'up', size: [1, 2], interpolation: 'bilinear' } }]

test.each([
  ['hard_sigmoid', 'Keras 3', '3.15.1', gate, [-1, 2], [1 / 3, 5 / 6]],
  ['hard_sigmoid', 'Keras 2', '2.15.0', gate, [-1, 2], [0.3, 0.9]],
  ['hard_sigmoid', 'tfjs', undefined, gate, [-1, 2], [0.3, 0.9]],
  ['bilinear UpSampling2D', 'Keras 3', '3.15.1', up, [0, 1], [0, 0.25, 0.75, 1]],
  ['bilinear UpSampling2D', 'Keras 2', '2.15.0', up, [0, 1], [0, 0.5, 1, 1]],
  ['bilinear UpSampling2D', 'tfjs', undefined, up, [0, 1], [0, 0.5, 1, 1]],
])(
  '%s of a file of %s is its formula on plain tfjs, also saved and loaded again',
  async (_, __, version, middle, x, y) => {
    const model = await loadedFrom(keras3Topology(version, middle), y.length)
    const pixels = tf.tensor4d(x, [1, 1, 2, 1])
    expect(await predict(model, pixels)).toEqual(close(y))
    expect(await predict(await savedAndLoaded(await savedAndLoaded(model)), pixels)).toEqual(close(y))
  },
)

test('plain tfjs trains through the layers of Keras 3: slopes of differences are their gradients', async () => {
  const model = await loadedFrom(keras3Topology('3.15.1', [...gate, ...up]), 4)
  const weights = tf.tensor2d([[0.3, -0.2, 0.5, 0.7]])
  const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul([model.predict(x)].flat()[0] ?? x, weights))
  const x = [0.4, -1.1]
  const gradient = await tf
    .grad(loss)(tf.tensor4d(x, [1, 1, 2, 1]))
    .data()
  for (const at of [0, 1]) {
    const value = async (step: number) =>
      (
        await loss(
          tf.tensor4d(
            x.map((v, i) => (i === at ? v + step : v)),
            [1, 1, 2, 1],
          ),
        ).data()
      )[0] ?? Number.NaN
    expect(gradient[at]).toBeCloseTo(((await value(0.01)) - (await value(-0.01))) / 0.02, 4)
  }
})

test('channels that come first are refused by name', async () => {
  const config = { name: 'up', size: [1, 2], interpolation: 'bilinear', data_format: 'channels_first' }
  const topology = keras3Topology('3.15.1', [{ class_name: 'UpSampling2D', config }])
  await expect(loadedFrom(topology, 4)).rejects.toThrow('up: expected dataFormat channelsLast, got channelsFirst.')
})
