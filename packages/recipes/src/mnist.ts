/*
 * Lesson 1: read handwritten digits with three dense layers.
 * A recipe is a script: read the steps from top to bottom, copy them out, change them. What they tell the learner
 * stands in mnist.prose.ts, how a run is judged in mnist.verdict.ts.
 */
import type { EpochLogs, Recipe } from '@gicho/core'
import { formatShape, rmsprop, unitRange } from '@gicho/core'
import { mnistMlp, summarize } from '@gicho/models'
import { describeArray, oneHot, rescale, reshape } from '@gicho/preprocess'
import { fit } from '@gicho/trainer'
import { fitOptions, type Lesson, need } from './lesson.ts'
import * as prose from './mnist.prose.ts'
import { judge } from './mnist.verdict.ts'

const ROWS = 28
const COLUMNS = 28
const PIXELS = ROWS * COLUMNS
const CLASSES = 10
const BATCH = 32

/** The course's own run in Keras, one epoch a line. */
const reference: readonly EpochLogs[] = [
  { loss: 0.1907, accuracy: 0.9441, val_loss: 0.1159, val_accuracy: 0.9688 },
  { loss: 0.1034, accuracy: 0.9738, val_loss: 0.1012, val_accuracy: 0.9764 },
  { loss: 0.0828, accuracy: 0.9799, val_loss: 0.1322, val_accuracy: 0.9735 },
  { loss: 0.0772, accuracy: 0.983, val_loss: 0.1308, val_accuracy: 0.9759 },
  { loss: 0.0645, accuracy: 0.9858, val_loss: 0.167, val_accuracy: 0.979 },
]
const band = { metric: 'val_accuracy', low: 0.975, high: 1 } as const

/** Lesson 1: MNIST with a multilayer perceptron, 669,706 parameters, about 98% of the validation digits after five epochs. */
export const mnist: Recipe<Lesson> = {
  id: 'mnist',
  title: { en: 'Reading handwritten digits', ko: '손글씨 숫자 읽기' },
  summary: {
    en: 'Turn pictures into numbers and labels into probabilities, and train a first network of dense layers on 60,000 digits. Every step that later lessons build on is here.',
    ko: '그림을 숫자로, 라벨을 확률로 바꾸고, dense 층으로 만든 첫 신경망을 숫자 그림 6만 장으로 학습합니다. 뒤의 수업이 바탕으로 삼는 단계가 모두 들어 있습니다.',
  },
  dataset: 'mnist',
  fit: { epochs: 5, batchSize: BATCH },
  reference,
  band,

  steps: [
    {
      id: 'load',
      ...prose.load,
      async run(lesson) {
        const { train, test } = await lesson.context.load('mnist')
        lesson.train = train
        lesson.test = test
        const pictures = (n: number): string => formatShape([n, ROWS, COLUMNS])
        return [
          {
            kind: 'table',
            columns: ['array', 'shape', 'dtype'],
            rows: [
              ['x_train', pictures(train.length), 'uint8'],
              ['y_train', formatShape([train.length]), 'uint8'],
              ['x_valid', pictures(test.length), 'uint8'],
              ['y_valid', formatShape([test.length]), 'uint8'],
            ],
          },
        ]
      },
    },

    {
      id: 'first-image',
      ...prose.firstImage,
      async run(lesson) {
        const train = need(lesson, 'train')
        const test = need(lesson, 'test')
        const x = describeArray(train.images, [train.length, ROWS, COLUMNS])
        const first = train.images.subarray(0, PIXELS) // [28, 28]
        const label = String(train.labels[0])
        return [
          {
            kind: 'values',
            rows: [
              { name: 'x_train.shape', value: formatShape(x.shape) },
              { name: 'x_valid.shape', value: formatShape([test.length, ROWS, COLUMNS]) },
              { name: 'x_train.dtype', value: x.dtype },
              { name: 'x_train.min()', value: String(x.min) },
              { name: 'x_train.max()', value: String(x.max) },
            ],
          },
          { kind: 'matrix', title: 'x_train[0]', shape: [ROWS, COLUMNS], values: first, digits: 0 },
          {
            kind: 'pictures',
            title: 'x_train[0]',
            columns: 1,
            pictures: [{ title: label, pixels: first, shape: [ROWS, COLUMNS, 1] }],
            colours: 'grey',
          },
          { kind: 'values', rows: [{ name: 'y_train[0]', value: label }] },
        ]
      },
    },

    {
      id: 'flatten',
      ...prose.flatten,
      async run(lesson) {
        const train = need(lesson, 'train')
        const test = need(lesson, 'test')
        const x = reshape(train.images, [train.length, PIXELS])
        const xValid = reshape(test.images, [-1, PIXELS])
        return [
          {
            kind: 'values',
            rows: [
              { name: 'x_train.shape', value: formatShape(x.shape) },
              { name: 'x_valid.shape', value: formatShape(xValid.shape) },
            ],
          },
          { kind: 'matrix', title: 'x_train[0]', shape: [PIXELS], values: train.images.subarray(0, PIXELS), digits: 0 },
        ]
      },
    },

    {
      id: 'scale',
      ...prose.scale,
      async run(lesson) {
        const train = need(lesson, 'train')
        const x = describeArray(rescale(train.images, 1 / 255), [train.length, PIXELS])
        lesson.input = unitRange([PIXELS]) // the engine does the same to each batch on its way in
        return [
          {
            kind: 'values',
            rows: [
              { name: 'x_train.dtype', value: x.dtype },
              { name: 'x_train.min()', value: x.min.toFixed(1) },
              { name: 'x_train.max()', value: x.max.toFixed(1) },
            ],
          },
        ]
      },
    },

    {
      id: 'one-hot',
      ...prose.oneHot,
      async run(lesson) {
        const train = need(lesson, 'train')
        const test = need(lesson, 'test')
        const rows = Math.min(9, train.length)
        const y = oneHot(train.labels, CLASSES) // [n, 10]
        return [
          {
            kind: 'values',
            rows: [
              { name: 'y_train.shape', value: formatShape([train.length, CLASSES]) },
              { name: 'y_valid.shape', value: formatShape([test.length, CLASSES]) },
              { name: `y_train[0:${rows}]`, value: Array.from(train.labels.subarray(0, rows)).join(' ') },
            ],
          },
          {
            kind: 'matrix',
            title: `y_train[0:${rows}]`,
            shape: [rows, CLASSES],
            values: y.subarray(0, rows * CLASSES),
            digits: 0,
          },
        ]
      },
    },

    {
      id: 'build',
      ...prose.build,
      async run(lesson) {
        lesson.model = mnistMlp({ seed: lesson.context.seed, classes: CLASSES })
        return [{ kind: 'summary', summary: summarize(lesson.model) }]
      },
    },

    {
      id: 'compile',
      ...prose.compile,
      async run(lesson) {
        const optimizer = rmsprop() // Keras' default, where `compile` names none
        lesson.compile = { loss: 'categoricalCrossentropy', optimizer, metrics: ['accuracy'] }
        return [
          {
            kind: 'values',
            rows: [
              { name: 'loss', value: 'categorical_crossentropy' },
              { name: 'optimizer', value: `rmsprop (learning rate ${optimizer.learningRate}, rho ${optimizer.rho})` },
              { name: 'metrics', value: 'accuracy' },
            ],
          },
        ]
      },
    },

    {
      id: 'train',
      ...prose.train,
      async run(lesson) {
        const { loss, optimizer } = need(lesson, 'compile')
        lesson.fitResult = await fit(need(lesson, 'model'), need(lesson, 'train'), {
          ...fitOptions(lesson.context),
          batchSize: BATCH,
          validationData: need(lesson, 'test'),
          input: need(lesson, 'input'),
          loss,
          optimizer,
        })
        return [{ kind: 'history', history: lesson.fitResult.history, reference }]
      },
    },

    {
      id: 'verdict',
      ...prose.verdict,
      async run(lesson) {
        const train = need(lesson, 'train').length
        const steps = lesson.context.stepsPerEpoch
        const size = { train, test: need(lesson, 'test').length, perEpoch: steps === undefined ? train : steps * BATCH }
        lesson.verdict = judge(need(lesson, 'fitResult').history, reference, band.low, size)
        return [{ kind: 'verdict', verdict: lesson.verdict }]
      },
    },
  ],

  verdict: (history) => judge(history, reference, band.low),
}
