import {
  dropoutMask,
  gaussianNoise,
  type ModelSpec,
  type NamedArray,
  RandomState,
  type TrainingJob,
  unitRange,
} from '@gicho/core'
import { wasmEngine } from '@gicho/engine/wasm'
import { expect, test } from 'vitest'
import { jobFor, rows } from './samples.ts'
import { expectGradient, noisyImages } from './side-by-side.ts'

type Images = readonly [number, number, number]

interface Written {
  readonly className: string
  readonly config?: object
  readonly weights?: Readonly<Record<string, readonly number[]>>
}

/** A sequential model written by hand, for layers that tfjs can't make, with noise for weights and a classifier of five behind. */
function written(images: Images, features: number, ...middle: readonly Written[]): ModelSpec {
  const random = new RandomState(4)
  const layersOf: readonly Written[] = [
    { className: 'InputLayer', config: { batch_input_shape: [null, ...images] } },
    ...middle,
    { className: 'Flatten' },
    { className: 'Dense', config: { units: 5, activation: 'softmax' }, weights: { kernel: [features, 5], bias: [5] } },
  ]
  const named = layersOf.map((layer, i) => ({ ...layer, name: `layer${i}` }))
  const weights: NamedArray[] = named.flatMap(({ name, weights: shapes = {} }) =>
    Object.entries(shapes).map(([role, shape]) => ({
      name: `${name}/${role}`,
      shape,
      values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.random() - 0.4),
    })),
  )
  const list = named.map(({ className, name, config }) => ({ class_name: className, config: { name, ...config } }))
  return { topology: { class_name: 'Sequential', config: { layers: list } }, weights }
}

function jobOf(model: ModelSpec, images: Images, changes: Partial<TrainingJob> = {}): TrainingJob {
  return jobFor(model, { input: unitRange(images), batchSize: 4, ...changes })
}

const conv = (inputs: number, filters: number): Written => ({
  className: 'Conv2D',
  // Linear: finite differences would step over the edges of a relu.
  config: { filters, kernel_size: 3, padding: 'same' },
  weights: { kernel: [3, 3, inputs, filters], bias: [filters] },
})

test('SeparableConv2D with a depth multiplier has the slopes of its loss as gradients', async () => {
  const images = [6, 5, 2] as const
  const separable = {
    className: 'SeparableConv2D',
    config: { filters: 3, kernel_size: [3, 2], padding: 'same', depth_multiplier: 2 },
    weights: { depthwise_kernel: [3, 2, 3, 2], pointwise_kernel: [1, 1, 6, 3], bias: [3] },
  }
  await expectGradient(jobOf(written(images, 90, conv(2, 3), separable), images), noisyImages(4, images, 5))
})

test.each([
  [true, false],
  [false, true],
  [false, false],
])('LayerNormalization with center %s and scale %s has the slopes of its loss as gradients', async (center, scale) => {
  const images = [4, 5, 3] as const
  const norm = {
    className: 'LayerNormalization',
    config: { center, scale, epsilon: 0.1 },
    weights: { ...(scale ? { gamma: [5] } : {}), ...(center ? { beta: [5] } : {}) },
  }
  await expectGradient(jobOf(written(images, 100, conv(3, 5), norm), images), noisyImages(4, images, 5))
})

test('ELU with another scale and an unequal LeakyReLU have the slopes of their loss as gradients', async () => {
  const images = [4, 5, 3] as const
  const elu = { className: 'ELU', config: { alpha: 0.4 } }
  const leaky = { className: 'LeakyReLU', config: { negative_slope: 0.6 } }
  const model = written(images, 100, conv(3, 5), elu, conv(5, 5), leaky)
  await expectGradient(jobOf(model, images), noisyImages(4, images, 5))
})

/** What a random layer behind the input gives in training: the classifier's gradient over that of its bias. */
async function seen(layer: Written, images: Images, step: number): Promise<Float32Array> {
  const [height, width, channels] = images
  const model = written(images, height * width * channels, layer)
  const train = noisyImages(2, images, 5)
  const session = await wasmEngine({ threads: 2 }).open(
    jobOf(model, images, { optimizer: { name: 'sgd', learningRate: 1, momentum: 0 }, batchSize: 2, seed: 9 }),
    { train },
  )
  // A weight of zero leaves the first sample out, so that the second is told apart.
  const request = { order: rows(2), firstStep: step, learningRate: 1, sampleWeights: Float32Array.of(0, 1) }
  const before = await session.readWeights()
  await session.train(request)
  const after = await session.readWeights()
  await session.dispose()
  const change = (at: number) =>
    Float64Array.from(before[at]?.values ?? [], (value, k) => (after[at]?.values[k] ?? 0) - value)
  const [kernel, bias] = [change(0), change(1)]
  // The largest of the five slopes divides best.
  const best = bias.reduce((top, value, k) => (Math.abs(value) > Math.abs(bias[top] ?? 0) ? k : top), 0)
  return Float32Array.from(
    { length: height * width * channels },
    (_, i) => (kernel[i * 5 + best] ?? 0) / (bias[best] ?? 0),
  )
}

test.each([1, 3, 4, 6])('SpatialDropout2D drops the channels that core says, %i channels', async (channels) => {
  const images = [3, 5, channels] as const
  const mask = dropoutMask({ seed: 9, stream: 0, step: 7 }, 2, channels, 0.5)
  const pixels = noisyImages(2, images, 5).images.subarray(15 * channels)
  const output = await seen({ className: 'SpatialDropout2D', config: { rate: 0.5 } }, images, 7)
  output.forEach((value, i) => {
    expect(value).toBeCloseTo(((pixels[i] ?? 0) / 255) * (mask[channels + (i % channels)] ?? 0), 4)
  })
})

test.each([1, 3, 4])('GaussianNoise adds the numbers that core says, %i channels', async (channels) => {
  const images = [3, 5, channels] as const
  const noise = gaussianNoise({ seed: 9, stream: 0, step: 7 }, 30, channels, 0.8)
  const pixels = noisyImages(2, images, 5).images.subarray(15 * channels)
  const output = await seen({ className: 'GaussianNoise', config: { stddev: 0.8 } }, images, 7)
  output.forEach((value, i) => {
    expect(value).toBeCloseTo((pixels[i] ?? 0) / 255 + (noise[15 * channels + i] ?? 0), 4)
  })
})

test('names every layer and option that is not compiled', () => {
  const images = [4, 4, 3] as const
  const messages = (...middle: readonly Written[]): string[] =>
    wasmEngine()
      .supports(jobOf(written(images, 48, ...middle), images))
      .map(({ where, message }) => `${where}: ${message}`)
  expect(messages({ className: 'Conv3D' })).toEqual(["layer1: Conv3D layers aren't compiled yet"])
  const options: readonly [Written, string][] = [
    [{ className: 'UpSampling2D', config: { interpolation: 'lanczos5' } }, 'interpolation "lanczos5" isn\'t compiled'],
    [{ className: 'Activation', config: { activation: 'mish' } }, 'the activation "mish" isn\'t compiled yet'],
    [{ className: 'ReLU', config: { max_value: 3 } }, "max_value 3 isn't compiled: only 6"],
    [{ className: 'ReLU', config: { negative_slope: 0.1 } }, 'use LeakyReLU'],
    [{ className: 'LayerNormalization', config: { axis: [1, 2] } }, "axis [1,2] isn't compiled: only the last"],
    [{ className: 'MaxPooling2D', config: { pool_size: 17 } }, 'pools of more than 256 places'],
    [{ className: 'AveragePooling2D', config: { data_format: 'channels_first' } }, 'data format channels_first'],
    [{ className: 'GlobalAveragePooling2D', config: { keepdims: true } }, "keepdims isn't compiled yet"],
    [{ className: 'Reshape', config: { target_shape: [4, 12] } }, "a shape of 2 axes isn't compiled"],
    [{ className: 'AveragePooling2D', config: { pool_size: 5, strides: 1 } }, 'nothing is left of (4, 4, 3)'],
    [{ className: 'Reshape', config: { target_shape: [5] } }, "48 elements don't fit into (5,)"],
    [{ className: 'Softmax', config: { axis: 1 } }, 'softmax on another axis than the last'],
    [{ className: 'SpatialDropout2D', config: { rate: 1 } }, 'expected a rate in [0, 1), got 1'],
  ]
  for (const [layer, message] of options) expect(messages(layer).join('\n'), message).toContain(message)
})

test('max-norm scales the columns of kernels, and biases as a whole, by the formula of Keras', async () => {
  const images = [5, 4, 3] as const
  const limit = 0.6
  const maxNorm = (axis: unknown) => ({ class_name: 'MaxNorm', config: { max_value: limit, axis } })
  const rules = { kernel_constraint: maxNorm([0, 1, 2]), bias_constraint: maxNorm(0) }
  const after = async (config: object): Promise<NamedArray[]> => {
    const layer = { ...conv(3, 7), config: { ...conv(3, 7).config, ...config } }
    const session = await wasmEngine({ threads: 2 }).open(jobOf(written(images, 140, layer), images), {
      train: noisyImages(4, images, 5),
    })
    await session.train({ order: rows(4), firstStep: 0, learningRate: 1e-3 })
    const weights = await session.readWeights()
    await session.dispose()
    return weights.slice(0, 2)
  }
  const [free, held] = [await after({}), await after(rules)]
  free.forEach(({ name, values }, at) => {
    const columns = name.endsWith('kernel') ? 7 : 1
    for (let column = 0; column < columns; column++) {
      const norm = Math.hypot(...values.filter((_, i) => i % columns === column))
      const factor = Math.min(norm, limit) / (norm + 1e-7)
      values.forEach((value, i) => {
        if (i % columns === column) expect(held[at]?.values[i], name).toBeCloseTo(value * factor, 6)
      })
      expect(norm, name).toBeGreaterThan(limit)
    }
  })
})
