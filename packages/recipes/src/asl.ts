/*
 * Lesson 2: lesson 1's network on photos of hands, where it overfits.
 * A recipe is a script: read the steps from top to bottom, copy them out, change them. What they tell the learner
 * stands in asl.prose.ts, how a run is judged in asl.verdict.ts; what several lessons do alike, in steps/.
 */
import { formatShape, type Recipe, sizeOf } from '@gicho/core'
import { aslMlp, mnistMlp, summarize } from '@gicho/models'
import * as prose from './asl.prose.ts'
import { aslReference } from './asl.reference.ts'
import { aslBand, judge } from './asl.verdict.ts'
import { letters } from './judging/run-facts.ts'
import { type Lesson, need } from './lesson.ts'
import { arrayTable } from './steps/array-table.ts'
import { compileNetwork } from './steps/compile-network.ts'
import { labelledPictures } from './steps/labelled-pictures.ts'
import { curveOfCourse, loadData } from './steps/load-data.ts'
import { oneHotLabels } from './steps/one-hot-labels.ts'
import { parameterTable } from './steps/parameter-table.ts'
import { scalePixels } from './steps/scale-pixels.ts'
import { tableHead } from './steps/table-head.ts'
import { factsOf, trainNetwork } from './steps/train-network.ts'

/** Lesson 2: Sign Language MNIST with lesson 1's perceptron, 676,888 parameters: nearly all of the practised pictures, about 80% of new ones. */
export const asl: Recipe<Lesson> = {
  id: 'asl',
  title: { en: 'Sign language, learned by heart', ko: '외워 버린 수화' },
  summary: {
    en: 'Give the network of lesson 1 something harder: photos of hands that sign 24 letters. It learns its practice pictures almost perfectly and new ones far less well, and so you meet overfitting.',
    ko: '수업 1의 신경망에 더 어려운 일을 맡깁니다. 알파벳 24자를 나타내는 손 사진입니다. 연습한 사진은 거의 다 맞히면서 새 사진은 훨씬 못 맞히는 과적합을 직접 보게 됩니다.',
  },
  dataset: 'sign-language',
  fit: { epochs: 20, batchSize: 32 },
  reference: aslReference,
  band: aslBand,

  steps: [
    {
      id: 'load',
      ...prose.load,
      async run(lesson) {
        const note = await loadData(lesson, letters)
        const train = need(lesson, 'train')
        const columns = 1 + sizeOf(train.shape) // the label, then the pixels
        return [
          ...note,
          tableHead(train),
          {
            kind: 'values',
            rows: [
              { name: 'train_df.shape', value: formatShape([train.length, columns]) },
              { name: 'valid_df.shape', value: formatShape([need(lesson, 'test').length, columns]) },
            ],
          },
        ]
      },
    },

    {
      id: 'labels',
      ...prose.labels,
      async run(lesson) {
        const { shape, classNames } = need(lesson, 'train')
        return [
          arrayTable(lesson, [sizeOf(shape)]),
          { kind: 'table', columns: ['label', 'class'], rows: classNames.map((name, label) => [String(label), name]) },
        ]
      },
    },

    {
      id: 'pictures',
      ...prose.pictures,
      async run(lesson) {
        const pictures = labelledPictures(need(lesson, 'train'), 20)
        return [{ kind: 'pictures', title: `x_train[0:${pictures.length}]`, columns: 20, pictures, colours: 'grey' }]
      },
    },

    {
      id: 'scale',
      ...prose.scale,
      run: async (lesson) => [scalePixels(lesson, [sizeOf(need(lesson, 'train').shape)])],
    },

    {
      id: 'one-hot',
      ...prose.oneHot,
      run: async (lesson) => oneHotLabels(lesson, 5),
    },

    {
      id: 'build',
      ...prose.build,
      async run(lesson) {
        const classes = need(lesson, 'train').classNames.length
        lesson.model = aslMlp({ seed: lesson.context.seed, classes })
        const summary = summarize(lesson.model)
        return [{ kind: 'summary', summary }, parameterTable(['mnist', mnistMlp()], ['asl', summary])]
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
        return [{ kind: 'history', history, reference: curveOfCourse(lesson, letters) }]
      },
    },

    {
      id: 'verdict',
      ...prose.verdict,
      async run(lesson) {
        const earlier = await lesson.context.earlierRun?.('mnist')
        lesson.verdict = judge(need(lesson, 'fitResult').history, { facts: factsOf(lesson), earlier })
        return [{ kind: 'verdict', verdict: lesson.verdict }]
      },
    },
  ],

  verdict: (history, earlier) => judge(history, { earlier }),
}
