/* Layers that tfjs trains in another way than Keras, or not at all: the eager engine is held to the compiled one on two backends. */
import { unitRange } from '@gicho/core'
import { layers, type layers as layerTypes, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { tfjsEngine } from '../src/tfjs.node.ts'
import { jobFor, specOf } from './samples.ts'
import { expectSame, noisyImages, seededWeights } from './side-by-side.ts'

type Layer = layerTypes.Layer

const images = [7, 6, 2] as const

function around(...middle: readonly Layer[]) {
  return sequential({
    layers: [
      layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', inputShape: [...images] }),
      ...middle,
      layers.flatten(),
      layers.dense({ units: 5, activation: 'softmax' }),
    ],
  })
}

const bare = { center: false, scale: false }
const cases: Readonly<Record<string, () => Layer>> = {
  'BatchNormalization without center': () => layers.batchNormalization({ center: false }),
  'BatchNormalization without scale': () => layers.batchNormalization({ scale: false }),
  'BatchNormalization without either': () => layers.batchNormalization(bare),
  'a frozen BatchNormalization': () => layers.batchNormalization({ trainable: false }),
  'a frozen BatchNormalization without either': () => layers.batchNormalization({ ...bare, trainable: false }),
  LayerNormalization: () => layers.layerNormalization(),
  'LayerNormalization without center': () => layers.layerNormalization({ center: false }),
  'LayerNormalization without scale': () => layers.layerNormalization({ scale: false }),
  'LayerNormalization without either': () => layers.layerNormalization(bare),
  'padded averages': () => layers.averagePooling2d({ poolSize: [3, 2], strides: [2, 2], padding: 'same' }),
  'padded averages with gaps': () => layers.averagePooling2d({ poolSize: [1, 2], strides: [3, 3], padding: 'same' }),
  'nearest neighbours, twice and three times': () => layers.upSampling2d({ size: [2, 3] }),
  'depthwise convolutions with strides': () =>
    layers.depthwiseConv2d({ kernelSize: [3, 2], strides: [1, 2], padding: 'same', depthMultiplier: 2 }),
  'separable convolutions': () => layers.separableConv2d({ filters: 4, kernelSize: 3 }),
  'convolutions with strides': () => layers.conv2d({ filters: 4, kernelSize: [3, 2], strides: [2, 3] }),
  'padded convolutions with strides beyond the kernel': () =>
    layers.conv2d({ filters: 4, kernelSize: [3, 1], strides: [1, 2], padding: 'same', activation: 'tanh' }),
  'padded convolutions with strides beyond the kernel, and a relu': () =>
    layers.conv2d({ filters: 4, kernelSize: [2, 3], strides: [3, 1], padding: 'same', activation: 'relu' }),
  'padded depthwise convolutions with strides beyond the kernel': () =>
    layers.depthwiseConv2d({ kernelSize: [1, 3], strides: [2, 2], padding: 'same', depthMultiplier: 2 }),
  'padded separable convolutions with strides beyond the kernel': () =>
    layers.separableConv2d({ filters: 3, kernelSize: [3, 1], strides: [2, 2], padding: 'same' }),
  'padded maxima': () => layers.maxPooling2d({ poolSize: [3, 2], strides: [2, 1], padding: 'same' }),
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  test.each(Object.keys(cases))('%s', async (name) => {
    const layer = cases[name]?.() ?? layers.flatten()
    await expectSame(around(layer), { images, classes: 5, backend, steps: 3, learningRate: 0.05 })
  })
})

/** The weights after three eager steps from the same start, whatever the model's layers are called. */
async function trainedWith(layer: Layer): Promise<Float32Array[]> {
  const spec = await specOf(around(layer))
  const job = jobFor({ ...spec, weights: seededWeights(spec.weights) }, { input: unitRange([...images]) })
  const session = await tfjsEngine({ backend: 'wasm' }).open(job, { train: noisyImages(8, images, 5) })
  for (const firstStep of [0, 1, 2]) {
    await session.train({ order: Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7), firstStep, learningRate: 0.05 })
  }
  const weights = await session.readWeights()
  await session.dispose()
  return weights.map(({ values }) => values)
}

test('a ThresholdedReLU of 0 trains as ReLU does, and a Masking that masks nothing as if it were not there', async () => {
  expect(await trainedWith(layers.thresholdedReLU({ theta: 0 }))).toEqual(await trainedWith(layers.reLU()))
  const nothing = layers.activation({ activation: 'linear' })
  expect(await trainedWith(layers.masking({ maskValue: 1e9 }))).toEqual(await trainedWith(nothing))
})

describe('what tfjs cannot train is named', () => {
  async function messages(layer: Layer, className?: string): Promise<string[]> {
    const spec = await specOf(around(layer))
    const text = JSON.stringify(spec.topology)
    const topology = JSON.parse(className ? text.replace(`"${layer.getClassName()}"`, `"${className}"`) : text)
    const issues = tfjsEngine({ backend: 'cpu' }).supports(jobFor({ ...spec, topology }))
    return issues.map(({ where, message }) => `${where}: ${message}`)
  }

  test('dilated convolutions of every kind', async () => {
    const sentence = (type: string) =>
      `odd: tfjs can't train ${type} with a dilation rate above 1. Use strides, or the wasm engine.`
    const dilated = { kernelSize: 2, dilationRate: 2, name: 'odd' } as const
    expect(await messages(layers.conv2d({ filters: 3, ...dilated }))).toEqual([sentence('Conv2D')])
    expect(await messages(layers.depthwiseConv2d(dilated))).toEqual([sentence('DepthwiseConv2D')])
    expect(await messages(layers.separableConv2d({ filters: 3, ...dilated }))).toEqual([sentence('SeparableConv2D')])
    expect(await messages(layers.conv2d({ filters: 3, kernelSize: 2, dilationRate: 1 }))).toEqual([])
  })

  test('layers of tfjs that do not work there', async () => {
    const odd = { height: 3, width: 3, name: 'odd' }
    const issues = async (layer: Layer) => (await messages(layer)).join()
    expect(await issues(layers.centerCrop(odd))).toMatch(/^odd: tfjs' CenterCrop changes the shape .* Use Cropping2D/)
    expect(await issues(layers.resizing(odd))).toMatch(/^odd: tfjs' Resizing can't be run. Resize the images before/)
  })

  test('layers of Keras that tfjs does not have', async () => {
    expect(await messages(layers.gaussianNoise({ stddev: 1, name: 'odd' }), 'SpatialDropout2D')).toEqual([
      'odd: tfjs has no SpatialDropout2D layers. Register your own with tf.serialization.registerClass; if you have, there are ' +
        'two copies of tfjs: npm ls @tensorflow/tfjs-core shows them.',
    ])
  })
})

test('a layer that leaves nothing of its input is named when a session is opened, before a kernel runs', async () => {
  const crop = layers.cropping2D({ cropping: 3, name: 'crop' })
  const job = jobFor(await specOf(around(crop, layers.batchNormalization())), { input: unitRange([...images]) })
  const train = noisyImages(2, images, 5)
  await expect(tfjsEngine({ backend: 'wasm' }).open(job, { train })).rejects.toThrow(
    'crop: nothing is left of its input: its output would have shape (None, 1, 0, 4). Give it larger images, or a smaller window.',
  )
})
