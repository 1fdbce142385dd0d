import '@tensorflow/tfjs-backend-cpu'
import * as tfl from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { mnistMlp } from './mnist-mlp.ts'
import { formatSummary, summarize } from './summary.ts'

const summary = summarize(mnistMlp({ seed: 0 }))

test("lists layers, output shapes and parameters of the lesson's model", () => {
  expect(summary).toEqual({
    name: 'mnist_mlp',
    rows: [
      { name: 'dense', type: 'Dense', outputShape: [null, 512], parameters: 401920 },
      { name: 'dense_1', type: 'Dense', outputShape: [null, 512], parameters: 262656 },
      { name: 'dense_2', type: 'Dense', outputShape: [null, 10], parameters: 5130 },
    ],
    totalParameters: 669706,
    trainableParameters: 669706,
  })
})

test('prints as Keras 3 does', () => {
  expect(formatSummary(summary)).toMatchInlineSnapshot(`
    "Model: "mnist_mlp"
    ┏━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┓
    ┃ Layer (type)    ┃ Output Shape ┃ Param # ┃
    ┡━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━┩
    │ dense (Dense)   │ (None, 512)  │ 401,920 │
    ├─────────────────┼──────────────┼─────────┤
    │ dense_1 (Dense) │ (None, 512)  │ 262,656 │
    ├─────────────────┼──────────────┼─────────┤
    │ dense_2 (Dense) │ (None, 10)   │   5,130 │
    └─────────────────┴──────────────┴─────────┘
     Total params: 669,706 (2.55 MB)
     Trainable params: 669,706 (2.55 MB)
     Non-trainable params: 0 (0.00 B)"
  `)
})

test('prints in Korean, where a syllable takes two columns', () => {
  expect(formatSummary(summary, 'ko')).toMatchInlineSnapshot(`
    "모델: "mnist_mlp"
    ┏━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━┳━━━━━━━━━━━━━┓
    ┃ 층 (종류)       ┃ 출력 형태   ┃ 매개변수 수 ┃
    ┡━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━╇━━━━━━━━━━━━━┩
    │ dense (Dense)   │ (None, 512) │     401,920 │
    ├─────────────────┼─────────────┼─────────────┤
    │ dense_1 (Dense) │ (None, 512) │     262,656 │
    ├─────────────────┼─────────────┼─────────────┤
    │ dense_2 (Dense) │ (None, 10)  │       5,130 │
    └─────────────────┴─────────────┴─────────────┘
     전체 매개변수: 669,706 (2.55 MB)
     학습하는 매개변수: 669,706 (2.55 MB)
     학습하지 않는 매개변수: 0 (0.00 B)"
  `)
})

test('prints in ASCII', () => {
  const text = formatSummary(summary, 'en', { ascii: true })
  expect(text).toMatchInlineSnapshot(`
    "Model: "mnist_mlp"
    +-----------------+--------------+---------+
    | Layer (type)    | Output Shape | Param # |
    +=================+==============+=========+
    | dense (Dense)   | (None, 512)  | 401,920 |
    +-----------------+--------------+---------+
    | dense_1 (Dense) | (None, 512)  | 262,656 |
    +-----------------+--------------+---------+
    | dense_2 (Dense) | (None, 10)   |   5,130 |
    +-----------------+--------------+---------+
     Total params: 669,706 (2.55 MB)
     Trainable params: 669,706 (2.55 MB)
     Non-trainable params: 0 (0.00 B)"
  `)
  expect([...text].every((character) => character.charCodeAt(0) < 128)).toBe(true)
})

test('counts what is not trainable, and shows what several layers put out', () => {
  const model = tfl.sequential({
    name: 'small',
    layers: [
      tfl.layers.conv2d({ filters: 75, kernelSize: 3, padding: 'same', inputShape: [28, 28, 1], name: 'conv' }),
      tfl.layers.batchNormalization({ name: 'norm' }),
      tfl.layers.maxPooling2d({ poolSize: 2, padding: 'same', name: 'pool' }),
      tfl.layers.flatten({ name: 'flat' }),
    ],
  })
  const small = summarize(model)
  expect(small.rows.map((row) => [row.outputShape, row.parameters])).toEqual([
    [[null, 28, 28, 75], 750],
    [[null, 28, 28, 75], 300],
    [[null, 14, 14, 75], 0],
    [[null, 14700], 0],
  ])
  expect(formatSummary(small)).toContain(
    ' Total params: 1,050 (4.10 KB)\n Trainable params: 900 (3.52 KB)\n Non-trainable params: 150 (600.00 B)',
  )
  model.dispose()
})

test('a functional model shows its input', () => {
  const input = tfl.input({ shape: [4], name: 'in' })
  const output = tfl.layers.dense({ units: 2, name: 'out' }).apply(input)
  if (!(output instanceof tfl.SymbolicTensor)) throw new Error('expected a symbolic tensor')
  const model = tfl.model({ inputs: input, outputs: output })
  expect(summarize(model).rows[0]).toEqual({ name: 'in', type: 'InputLayer', outputShape: [null, 4], parameters: 0 })
  model.dispose()
})

test('a model of no layers and a huge one print too', () => {
  const none = { name: 'none', rows: [], totalParameters: 0, trainableParameters: 0 }
  expect(formatSummary(none)).toContain('Total params: 0 (0.00 B)')
  expect(formatSummary({ ...none, totalParameters: 7e9 })).toContain('Total params: 7,000,000,000 (26.08 GB)')
})

test('says what a model without layers lacks', () => {
  expect(() => summarize(tfl.sequential({ name: 'empty' }))).toThrow(
    'summarize: expected a model of known shapes, but model empty has none yet. Add a first layer with an inputShape, or call the model once.',
  )
})

test('says which layer has no shape', () => {
  const lost = tfl.layers.dense({ units: 2, name: 'lost' })
  const model = Object.create(tfl.sequential({ name: 'half' }), { layers: { value: [lost] } })
  expect(() => summarize(model)).toThrow('but layer lost has none yet.')
})
