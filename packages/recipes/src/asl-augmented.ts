/*
 * Lesson 4: lesson 3's network, shown every picture in a new guise each time.
 * A recipe is a script: read the steps from top to bottom, copy them out, change them. What they tell the learner
 * stands in asl-augmented.prose.ts, how a run is judged in asl-augmented.verdict.ts; what several lessons do alike, in steps/.
 */
import { ImageDataGenerator } from '@gicho/augment'
import { formatShape, type Recipe, type StepOutput } from '@gicho/core'
import { aslCnn, summarize } from '@gicho/models'
import * as prose from './asl-augmented.prose.ts'
import { aslAugmentedReference } from './asl-augmented.reference.ts'
import { aslAugmentedBand, judge } from './asl-augmented.verdict.ts'
import { letters } from './judging/run-facts.ts'
import { type Lesson, need } from './lesson.ts'
import { arrayTable } from './steps/array-table.ts'
import { augmentedBatch } from './steps/augmented-batch.ts'
import { compileNetwork } from './steps/compile-network.ts'
import { curveOfCourse, loadData } from './steps/load-data.ts'
import { oneHotLabels } from './steps/one-hot-labels.ts'
import { scalePixels } from './steps/scale-pixels.ts'
import { batchSizeOf, factsOf, trainNetwork } from './steps/train-network.ts'

/** Lesson 4: lesson 3's network on augmented pictures, about 97% of the new ones; saves the model that lesson 5 opens. */
export const aslAugmented: Recipe<Lesson> = {
  id: 'asl-augmented',
  title: { en: 'More pictures than there are', ko: '있는 것보다 많은 그림' },
  summary: {
    en: 'Turn, zoom, move and mirror the photos at random while the network trains, so that it never sees the same picture twice and has nothing to learn by heart. The trained model is saved for lesson 5.',
    ko: '학습하는 동안 사진을 무작위로 돌리고, 키우거나 줄이고, 옮기고, 좌우로 뒤집습니다. 같은 그림을 두 번 보지 않으니 외울 것이 없습니다. 학습한 모델은 수업 5에서 쓰도록 저장합니다.',
  },
  dataset: 'sign-language',
  fit: { epochs: 20, batchSize: 32 },
  reference: aslAugmentedReference,
  band: aslAugmentedBand,

  steps: [
    {
      id: 'prepare',
      ...prose.prepare,
      async run(lesson) {
        const note = await loadData(lesson, letters)
        const { shape } = need(lesson, 'train')
        return [...note, arrayTable(lesson, shape), scalePixels(lesson, shape), ...oneHotLabels(lesson, 5)]
      },
    },

    {
      id: 'build',
      ...prose.build,
      async run(lesson) {
        const classes = need(lesson, 'train').classNames.length
        lesson.model = aslCnn({ seed: lesson.context.seed, classes })
        return [{ kind: 'summary', summary: summarize(lesson.model) }]
      },
    },

    {
      id: 'augment',
      ...prose.augment,
      async run(lesson) {
        const options = {
          rotationRange: 10, // degrees
          zoomRange: 0.1,
          widthShiftRange: 0.1, // share of the width
          heightShiftRange: 0.1,
          horizontalFlip: true,
          verticalFlip: false,
        }
        // The seed is for the pictures shown in the next step: training draws from random numbers of its own.
        lesson.generator = new ImageDataGenerator({ ...options, seed: lesson.context.seed })
        return [
          { kind: 'values', rows: Object.entries(options).map(([name, value]) => ({ name, value: String(value) })) },
        ]
      },
    },

    {
      id: 'batch',
      ...prose.batch,
      async run(lesson) {
        const train = need(lesson, 'train')
        const flow = need(lesson, 'generator').flow(train, { batchSize: prose.SHOWN, input: need(lesson, 'input') })
        return [augmentedBatch(flow.nextBatch(), train.classNames)]
      },
    },

    {
      id: 'fit-generator',
      ...prose.fitGenerator,
      async run(lesson) {
        const generator = need(lesson, 'generator')
        generator.fit(need(lesson, 'train'), { input: need(lesson, 'input') })
        const rows = Object.entries(generator.fitted).map(([name, learned]) => ({
          name: `generator.fitted.${name}`,
          value: learned === null ? 'null' : formatShape([learned.length]),
        }))
        return [{ kind: 'values', rows }]
      },
    },

    {
      id: 'steps-per-epoch',
      ...prose.stepsPerEpoch,
      async run(lesson) {
        const { length } = need(lesson, 'train')
        const batchSize = batchSizeOf(lesson)
        const chosen = lesson.context.stepsPerEpoch
        const rows = [
          { name: 'x_train.length', value: String(length) },
          { name: `x_train.length / ${batchSize}`, value: (length / batchSize).toFixed(2) },
          { name: 'stepsPerEpoch', value: String(chosen ?? Math.ceil(length / batchSize)) },
        ]
        const shorter: Extract<StepOutput, { kind: 'note' }> = { kind: 'note', text: prose.chosenSteps }
        return chosen === undefined ? [{ kind: 'values', rows }] : [{ kind: 'values', rows }, shorter]
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
        const stepsPerEpoch = Math.ceil(need(lesson, 'train').length / batchSizeOf(lesson))
        await trainNetwork(lesson, { augment: need(lesson, 'generator'), stepsPerEpoch })
        const { history } = need(lesson, 'fitResult')
        return [{ kind: 'history', history, reference: curveOfCourse(lesson, letters) }]
      },
    },

    {
      id: 'verdict',
      ...prose.verdict,
      async run(lesson) {
        const earlier = await lesson.context.earlierRun?.('asl-cnn')
        lesson.verdict = judge(need(lesson, 'fitResult').history, { facts: factsOf(lesson), earlier })
        return [{ kind: 'verdict', verdict: lesson.verdict }]
      },
    },

    {
      id: 'save',
      ...prose.save,
      async run(lesson) {
        const { optimizerState } = need(lesson, 'fitResult')
        const { context } = lesson
        if (context.saveModel === undefined) return [{ kind: 'note', text: prose.notSaved }]
        const where = await context.saveModel('asl_model', {
          model: need(lesson, 'model'),
          classNames: need(lesson, 'train').classNames,
          input: need(lesson, 'input'),
          compile: need(lesson, 'compile'),
          optimizerState,
        })
        return [{ kind: 'values', rows: [{ name: 'asl_model', value: where }] }]
      },
    },
  ],

  verdict: (history, earlier) => judge(history, { earlier }),
}
