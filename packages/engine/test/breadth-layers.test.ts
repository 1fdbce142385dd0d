import {
  layers,
  input as layersInput,
  type layers as layerTypes,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectSame, functional, type SideBySide } from './side-by-side.ts'

type Layer = layerTypes.Layer
type Images = readonly [number, number, number]

const CLASSES = 5
const RUNS = { numRuns: 6, seed: 20 } as const

function sizes(min = 3): fc.Arbitrary<Images> {
  return fc.tuple(fc.integer({ min, max: 9 }), fc.integer({ min, max: 9 }), fc.integer({ min: 1, max: 6 }))
}

const conv = (filters: number, options: object = {}): Layer =>
  layers.conv2d({ filters, kernelSize: 3, padding: 'same', ...options })

/** A convolution in front, so that the gradient with respect to the layer's input is wanted, and a classifier behind. */
function around(images: Images, ...middle: readonly Layer[]) {
  return sequential({
    layers: [
      layers.conv2d({ filters: images[2] + 1, kernelSize: 3, padding: 'same', inputShape: [...images] }),
      ...middle,
      layers.flatten(),
      layers.dense({ units: CLASSES, activation: 'softmax' }),
    ],
  })
}

async function check(images: Images, middle: readonly Layer[], options: Partial<SideBySide> = {}): Promise<void> {
  await expectSame(around(images, ...middle), { images, classes: CLASSES, ...options })
}

const one = fc.constantFrom<'same' | 'valid'>('same', 'valid')
const batch = fc.integer({ min: 1, max: 5 })

describe('convolutions', () => {
  test('with strides, inside a network', () =>
    fc.assert(
      fc.asyncProperty(
        sizes(5),
        one,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        batch,
        fc.integer({ min: 1, max: 11 }),
        (images, padding, y, x, rowsPerStep, filters) =>
          check(
            images,
            [conv(filters, { kernelSize: [3, 2], strides: [y, x], padding, activation: 'relu' }), conv(3)],
            { rowsPerStep },
          ),
      ),
      RUNS,
    ))

  test('depthwise, with strides and multipliers', () =>
    fc.assert(
      fc.asyncProperty(
        sizes(4),
        one,
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 3 }),
        batch,
        (images, padding, strides, depthMultiplier, rowsPerStep) =>
          check(
            images,
            [
              layers.depthwiseConv2d({
                kernelSize: [3, 2],
                strides: [strides, strides],
                padding,
                depthMultiplier,
                activation: 'relu',
              }),
            ],
            { rowsPerStep },
          ),
      ),
      RUNS,
    ))

  test('separable, as depthwise and pointwise', () =>
    fc.assert(
      // tfjs leaves the depth multiplier out of a saved SeparableConv2D.
      fc.asyncProperty(sizes(4), fc.integer({ min: 1, max: 9 }), (images, filters) =>
        check(images, [layers.separableConv2d({ filters, kernelSize: 3, activation: 'relu' })]),
      ),
      RUNS,
    ))
})

describe('joins', () => {
  test('Add and Concatenate of branches, with tensors that several layers read', () =>
    fc.assert(
      fc.asyncProperty(
        sizes(3),
        batch,
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 3 }),
        (images, rowsPerStep, filters, axis) => {
          const input = layersInput({ shape: [...images] })
          const at = (layer: Layer, ...from: SymbolicTensor[]): SymbolicTensor =>
            layer.apply(from.length === 1 ? (from[0] as SymbolicTensor) : from) as SymbolicTensor
          const first = at(conv(filters, { activation: 'relu' }), input)
          const left = at(conv(filters), first)
          const right = at(layers.batchNormalization(), first)
          const sum = at(layers.reLU(), at(layers.add(), left, right, first))
          const joined = at(layers.concatenate({ axis }), sum, at(conv(filters, { activation: 'relu' }), first))
          const wide = at(layers.concatenate(), joined, at(conv(2, { kernelSize: 1 }), joined))
          const dense = at(layers.dense({ units: 6, activation: 'relu' }), at(layers.flatten(), wide))
          const both = at(layers.concatenate(), dense, at(layers.globalAveragePooling2d({}), wide))
          const output = at(layers.dense({ units: CLASSES, activation: 'softmax' }), both)
          return expectSame(functional(input, output), { images, classes: CLASSES, rowsPerStep, learningRate: 0.05 })
        },
      ),
      RUNS,
    ))
})

describe('pools, shapes and norms', () => {
  test('average pools', () =>
    fc.assert(
      fc.asyncProperty(
        sizes(4),
        one,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        (images, padding, y, x, strides) =>
          check(images, [layers.averagePooling2d({ poolSize: [y, x], strides: [strides, strides], padding })]),
      ),
      RUNS,
    ))

  test('global pools', async () => {
    for (const pool of [layers.globalAveragePooling2d({}), layers.globalMaxPooling2d({})]) {
      const model = sequential({
        layers: [
          layers.conv2d({ filters: 7, kernelSize: 3, inputShape: [19, 18, 3] }),
          pool,
          layers.dense({ units: CLASSES, activation: 'softmax' }),
        ],
      })
      await expectSame(model, { images: [19, 18, 3], classes: CLASSES })
    }
  })

  test('ZeroPadding2D and UpSampling2D', () =>
    fc.assert(
      fc.asyncProperty(
        sizes(3),
        fc.tuple(...[0, 1, 2, 3].map((max) => fc.integer({ min: 0, max }))),
        fc.integer({ min: 1, max: 3 }),
        (images, [top = 0, bottom = 0, left = 0, right = 0], size) =>
          check(images, [
            layers.zeroPadding2d({
              padding: [
                [top, bottom],
                [left, right],
              ],
            }),
            conv(3, { padding: 'valid' }),
            layers.upSampling2d({ size: [size, 2] }),
          ]),
      ),
      RUNS,
    ))

  test('Reshape, and Flatten in front of other layers than Dense', () =>
    fc.assert(
      fc.asyncProperty(sizes(3), (images) => {
        const [height, width, channels] = images
        return check(images, [
          layers.reshape({ targetShape: [width, channels + 1, height] }),
          conv(3, { activation: 'relu' }),
          layers.flatten(),
          layers.batchNormalization(),
          layers.reshape({ targetShape: [3, width * (channels + 1), 1] }),
        ])
      }),
      RUNS,
    ))

  test('Flatten, relu and dropout in front of Dense, whatever the channels', async () => {
    for (const filters of [2, 3, 4]) {
      const middle = [
        conv(filters),
        layers.flatten(),
        layers.reLU(),
        layers.dropout({ rate: 0.4 }),
        layers.dense({ units: 9 }),
      ]
      const model = sequential({
        layers: [
          layers.conv2d({ filters, kernelSize: 3, inputShape: [7, 6, 1] }),
          ...middle,
          layers.dense({ units: CLASSES, activation: 'softmax' }),
        ],
      })
      await expectSame(model, { images: [7, 6, 1], classes: CLASSES })
    }
  })

  test('LayerNormalization, of pixels and of rows', () =>
    fc.assert(
      fc.asyncProperty(sizes(3), (images) =>
        check(
          images,
          [
            layers.layerNormalization({}),
            layers.flatten(),
            layers.dense({ units: 7, activation: 'relu' }),
            layers.layerNormalization({}),
            layers.reshape({ targetShape: [7, 1, 1] }),
          ],
          { learningRate: 0.05 },
        ),
      ),
      RUNS,
    ))

  test('GaussianNoise is the same on both engines', () =>
    fc.assert(
      fc.asyncProperty(sizes(3), (images) =>
        check(images, [layers.dropout({ rate: 0.3 }), layers.gaussianNoise({ stddev: 0.5 }), conv(3)], {
          steps: 2,
          learningRate: 0.05,
        }),
      ),
      RUNS,
    ))
})

describe('activations', () => {
  const names = [
    'relu6',
    'elu',
    'selu',
    'sigmoid',
    'hardSigmoid',
    'tanh',
    'softplus',
    'swish',
    'gelu',
    'softmax',
  ] as const
  test.each(names)('%s as an option and as a layer, behind dropout and in front of it', (activation) =>
    fc.assert(
      fc.asyncProperty(sizes(3), fc.integer({ min: 1, max: 6 }), (images, filters) =>
        check(
          images,
          [
            conv(filters, { activation, kernelInitializer: 'heNormal' }),
            layers.dropout({ rate: 0.3 }),
            layers.batchNormalization(),
            layers.activation({ activation }),
            layers.flatten(),
            layers.dense({ units: 6, activation }),
            layers.reshape({ targetShape: [1, 2, 3] }),
          ],
          { learningRate: 0.1 },
        ),
      ),
      { ...RUNS, numRuns: 2 },
    ),
  )

  test('LeakyReLU, ELU and ReLU with a maximum', () =>
    check(
      [5, 5, 3],
      [layers.leakyReLU({ alpha: 0.2 }), conv(5), layers.elu({}), conv(5), layers.reLU({ maxValue: 6 }), conv(4)],
    ))

  test('one tensor read by two activations', async () => {
    const input = layersInput({ shape: [4, 5, 2] })
    const at = (layer: Layer, ...from: SymbolicTensor[]): SymbolicTensor =>
      layer.apply(from.length === 1 ? (from[0] as SymbolicTensor) : from) as SymbolicTensor
    const first = at(conv(3), input)
    const parts = [
      at(layers.activation({ activation: 'tanh' }), first),
      at(layers.reLU(), first),
      at(layers.activation({ activation: 'swish' }), first),
      at(layers.dropout({ rate: 0.5 }), first),
    ]
    const sum = at(layers.flatten(), at(layers.add(), ...parts))
    const output = at(layers.dense({ units: CLASSES, activation: 'softmax' }), sum)
    await expectSame(functional(input, output), { images: [4, 5, 2], classes: CLASSES })
    expect(parts).toHaveLength(4)
  })
})
