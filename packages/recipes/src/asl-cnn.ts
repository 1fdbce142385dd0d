/*
 * Lesson 3: the same hands, seen by a convolutional network.
 * A recipe is a script: read the steps from top to bottom, copy them out, change them. What they tell the learner
 * stands in asl-cnn.prose.ts, how a run is judged in asl-cnn.verdict.ts; what several lessons do alike, in steps/.
 */
import { formatShape, type Recipe, sizeOf } from '@gicho/core'
import * as models from '@gicho/models'
import { reshape } from '@gicho/preprocess'
import * as prose from './asl-cnn.prose.ts'
import { aslCnnReference } from './asl-cnn.reference.ts'
import { aslCnnBand, judge } from './asl-cnn.verdict.ts'
import { letters } from './judging/run-facts.ts'
import { type Lesson, need } from './lesson.ts'
import { arrayTable } from './steps/array-table.ts'
import { compileNetwork } from './steps/compile-network.ts'
import { curveOfCourse, loadData } from './steps/load-data.ts'
import { oneHotLabels } from './steps/one-hot-labels.ts'
import { parameterTable } from './steps/parameter-table.ts'
import { scalePixels } from './steps/scale-pixels.ts'
import { factsOf, trainNetwork } from './steps/train-network.ts'

/** Lesson 3: Sign Language MNIST with a convolutional network, 264,049 parameters, about 95% of the new pictures. */
export const aslCnn: Recipe<Lesson> = {
  id: 'asl-cnn',
  title: { en: 'A network that sees', ko: '눈이 있는 신경망' },
  summary: {
    en: 'Keep the pictures and change the network: convolutions look for lines, then for shapes, wherever in the picture they are. Fewer than half the parameters of lesson 2, and far less overfitting.',
    ko: '그림은 그대로 두고 신경망을 바꿉니다. 합성곱은 그림 어디에 있든 선을 찾고, 이어서 형태를 찾아냅니다. 매개변수는 수업 2의 절반도 안 되는데 과적합은 훨씬 줄어듭니다.',
  },
  dataset: 'sign-language',
  fit: { epochs: 20, batchSize: 32 },
  reference: aslCnnReference,
  band: aslCnnBand,

  steps: [
    {
      id: 'load',
      ...prose.load,
      async run(lesson) {
        const note = await loadData(lesson, letters)
        return [...note, arrayTable(lesson, [sizeOf(need(lesson, 'train').shape)])]
      },
    },

    {
      id: 'reshape',
      ...prose.reshape,
      async run(lesson) {
        const rowsOf = (name: 'x_train' | 'x_valid'): string[] => {
          const { images, length, shape } = need(lesson, name === 'x_train' ? 'train' : 'test')
          const grid = [-1, ...shape] // -1: as many as there are
          return [
            name,
            formatShape([length, sizeOf(shape)]),
            formatShape(grid),
            formatShape(reshape(images, grid).shape),
          ]
        }
        return [
          {
            kind: 'table',
            columns: ['array', 'before', 'reshape', 'after'],
            rows: [rowsOf('x_train'), rowsOf('x_valid')],
          },
        ]
      },
    },

    {
      id: 'scale',
      ...prose.scale,
      run: async (lesson) => [scalePixels(lesson, need(lesson, 'train').shape)],
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
        lesson.model = models.aslCnn({ seed: lesson.context.seed, classes })
        const summary = models.summarize(lesson.model)
        return [{ kind: 'summary', summary }, parameterTable(['asl', models.aslMlp({ classes })], ['asl-cnn', summary])]
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
        const earlier = await lesson.context.earlierRun?.('asl')
        lesson.verdict = judge(need(lesson, 'fitResult').history, { facts: factsOf(lesson), earlier })
        return [{ kind: 'verdict', verdict: lesson.verdict }]
      },
    },
  ],

  verdict: (history, earlier) => judge(history, { earlier }),
}
