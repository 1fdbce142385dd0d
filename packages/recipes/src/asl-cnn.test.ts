import { enableProdMode } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { fakeDigits, fakeLetters } from '../test/fake-lesson.ts'
import { expectStepsToNameWhatTheyNeed, outputOf, records, runUntil as runSteps, valuesOf } from '../test/walk.ts'
import { aslCnn } from './asl-cnn.ts'
import { type Lesson, startLesson } from './lesson.ts'

enableProdMode()

const runUntil = (id: string, lesson: Lesson = startLesson(aslCnn, fakeLetters())) => runSteps(id, lesson)

test('the steps come in the order of the lesson', () => {
  expect(aslCnn.steps.map((step) => step.id)).toEqual([
    'load',
    'reshape',
    'scale',
    'one-hot',
    'build',
    'compile',
    'train',
    'verdict',
  ])
})

test('reshape shows the shapes before and after, and what -1 was worked out to be', async () => {
  expect(outputOf(await runUntil('load'), 'table').rows[0]).toEqual(['x_train', '(64, 784)', 'uint8'])
  expect(outputOf(await runUntil('reshape'), 'table').rows).toEqual([
    ['x_train', '(64, 784)', '(-1, 28, 28, 1)', '(64, 28, 28, 1)'],
    ['x_valid', '(20, 784)', '(-1, 28, 28, 1)', '(20, 28, 28, 1)'],
  ])
})

test('scale prepares grids, not rows', async () => {
  const lesson = startLesson(aslCnn, fakeLetters())
  expect(valuesOf(await runUntil('scale', lesson))['x_train.max()']).toBe('1.0')
  expect(lesson.input).toEqual({ shape: [28, 28, 1], scale: 1 / 255, offset: 0 })
})

test('build makes 264,049 parameters, 300 of them not trainable, beside the 676,888 of lesson 2', async () => {
  const outputs = await runUntil('build')
  const { rows, totalParameters, trainableParameters } = outputOf(outputs, 'summary').summary
  expect([totalParameters, totalParameters - trainableParameters]).toEqual([264_049, 300])
  expect(rows.filter(({ type }) => type === 'MaxPooling2D').map(({ outputShape }) => outputShape[1])).toEqual([
    14, 7, 4,
  ])
  expect(outputOf(outputs, 'table').rows).toEqual([
    ['asl', '676,888', '0'],
    ['asl-cnn', '264,049', '300'],
  ])
})

test('it trains, and its verdict is held against the newest run of lesson 2', async () => {
  const asked: string[] = []
  const earlierRun = async (recipe: string) => {
    asked.push(recipe)
    return records([{ loss: 1, accuracy: 0.9, val_loss: 1, val_accuracy: 0.5 }])
  }
  const load = async () => {
    const { train } = await fakeLetters().load('sign-language')
    return { train, test: train } // fewer than fifty are too few for any comparison
  }
  const lesson = startLesson(aslCnn, fakeLetters({ earlierRun, load }))
  const outputs = await runUntil('verdict', lesson)
  expect(asked).toEqual(['asl'])
  expect(outputOf(outputs, 'verdict').verdict.text.en).toContain('lesson 2 (your newest run), which had 50.0%? Yes')
  expect(lesson.fitResult?.history).toHaveLength(2)
})

test('digits do as well', async () => {
  const lesson = startLesson(aslCnn, fakeDigits())
  await runUntil('verdict', lesson)
  expect(lesson.model?.outputs[0]?.shape).toEqual([null, 10])
  expect(lesson.verdict?.text.en).toContain("other pictures than the course's")
})

test('every step that needs an earlier one says which', async () => {
  await expectStepsToNameWhatTheyNeed(aslCnn, fakeLetters(), ['load', 'compile'])
})

test("the reference is the course's twenty epochs", () => {
  expect(aslCnn.reference).toHaveLength(20)
  expect(aslCnn.reference[7]).toEqual({ loss: 0.0037, accuracy: 0.9989, val_loss: 0.2165, val_accuracy: 0.9642 })
})
