/*
 * Lesson 1: read handwritten digits with three dense layers.
 * A recipe is a script: read the steps from top to bottom, copy them out, change them. What they tell the learner
 * stands in mnist.prose.ts, how a run is judged in mnist.verdict.ts.
 */
import type { Recipe } from '@gicho/core'
import { formatShape } from '@gicho/core'
import { mnistMlp, summarize } from '@gicho/models'
import { describeArray, reshape } from '@gicho/preprocess'
import { digits } from './judging/run-facts.ts'
import { type Lesson, need } from './lesson.ts'
import * as prose from './mnist.prose.ts'
import { mnistReference } from './mnist.reference.ts'
import { judge, mnistBand } from './mnist.verdict.ts'
import { arrayTable } from './steps/array-table.ts'
import { compileNetwork } from './steps/compile-network.ts'
import { curveOfCourse, loadData } from './steps/load-data.ts'
import { oneHotLabels } from './steps/one-hot-labels.ts'
import { scalePixels } from './steps/scale-pixels.ts'
import { factsOf, trainNetwork } from './steps/train-network.ts'

const ROWS = 28
const COLUMNS = 28
const PIXELS = ROWS * COLUMNS

/** Lesson 1: MNIST with a multilayer perceptron, 669,706 parameters, about 98% of the validation digits after five epochs. */
export const mnist: Recipe<Lesson> = {
  id: 'mnist',
  title: { en: 'Reading handwritten digits', ko: '손글씨 숫자 읽기' },
  summary: {
    en: 'Turn pictures into numbers and labels into probabilities, and train a first network of dense layers to read handwritten digits. Every step that later lessons build on is here.',
    ko: '그림을 숫자로, 라벨을 확률로 바꾸고, dense 층으로 만든 첫 신경망이 손글씨 숫자를 읽도록 학습합니다. 뒤의 수업이 바탕으로 삼는 단계가 모두 들어 있습니다.',
  },
  dataset: 'mnist',
  fit: { epochs: 5, batchSize: 32 },
  reference: mnistReference,
  band: mnistBand,

  steps: [
    {
      id: 'load',
      ...prose.load,
      async run(lesson) {
        const note = await loadData(lesson, digits)
        return [...note, arrayTable(lesson, [ROWS, COLUMNS])]
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
      run: async (lesson) => [scalePixels(lesson, [PIXELS])],
    },

    {
      id: 'one-hot',
      ...prose.oneHot,
      run: async (lesson) => oneHotLabels(lesson, 9),
    },

    {
      id: 'build',
      ...prose.build,
      async run(lesson) {
        const classes = need(lesson, 'train').classNames.length
        lesson.model = mnistMlp({ seed: lesson.context.seed, classes })
        return [{ kind: 'summary', summary: summarize(lesson.model) }]
      },
    },

    {
      id: 'compile',
      ...prose.compile,
      run: async (lesson) => [compileNetwork(lesson)],
    },

    {
      id: 'train',
      ...prose.train,
      async run(lesson) {
        await trainNetwork(lesson)
        const { history } = need(lesson, 'fitResult')
        return [{ kind: 'history', history, reference: curveOfCourse(lesson, digits) }]
      },
    },

    {
      id: 'verdict',
      ...prose.verdict,
      async run(lesson) {
        lesson.verdict = judge(need(lesson, 'fitResult').history, factsOf(lesson))
        return [{ kind: 'verdict', verdict: lesson.verdict }]
      },
    },
  ],

  verdict: (history) => judge(history),
}
