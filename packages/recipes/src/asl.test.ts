import { enableProdMode } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { fakeDigits, fakeLetters } from '../test/fake-lesson.ts'
import { expectStepsToNameWhatTheyNeed, outputOf, records, runUntil as runSteps, valuesOf } from '../test/walk.ts'
import { asl } from './asl.ts'
import { type Lesson, startLesson } from './lesson.ts'

enableProdMode()

const runUntil = (id: string, lesson: Lesson = startLesson(asl, fakeLetters())) => runSteps(id, lesson)

test('the steps come in the order of the lesson', () => {
  expect(asl.steps.map((step) => step.id)).toEqual([
    'load',
    'labels',
    'pictures',
    'scale',
    'one-hot',
    'build',
    'compile',
    'train',
    'verdict',
  ])
})

test("load shows the head of the table, label and pixels, and both tables' shapes", async () => {
  const outputs = await runUntil('load')
  expect(outputOf(outputs, 'table')).toEqual({
    kind: 'table',
    columns: ['', 'label', 'pixel1', 'pixel2', 'pixel3', 'pixel4', 'pixel5', '…', 'pixel783', 'pixel784'],
    rows: [
      ['0', '3', '0', '1', '2', '3', '4', '…', '14', '15'],
      ['1', '6', '1', '2', '3', '4', '5', '…', '15', '16'],
      ['2', '2', '2', '3', '4', '5', '6', '…', '16', '17'],
      ['3', '2', '3', '4', '5', '6', '7', '…', '17', '18'],
      ['4', '12', '4', '5', '6', '7', '8', '…', '18', '19'],
    ],
  })
  expect(valuesOf(outputs)).toEqual({ 'train_df.shape': '(64, 785)', 'valid_df.shape': '(20, 785)' })
})

test('labels shows the four arrays without the label column, and which letter a label means', async () => {
  const outputs = await runUntil('labels')
  expect(outputs[0]).toMatchObject({
    rows: [
      ['x_train', '(64, 784)', 'uint8'],
      ['y_train', '(64,)', 'uint8'],
      ['x_valid', '(20, 784)', 'uint8'],
      ['y_valid', '(20,)', 'uint8'],
    ],
  })
  expect(outputs[1]).toMatchObject({ kind: 'table', columns: ['label', 'class'] })
  const rows = outputs[1]?.kind === 'table' ? outputs[1].rows : []
  expect(rows).toHaveLength(24)
  expect(rows.slice(8, 10)).toEqual([
    ['8', 'i'],
    ['9', 'k'],
  ])
})

test('pictures shows twenty of them in a row, in grey, under label and letter', async () => {
  const { pictures, columns, colours } = outputOf(await runUntil('pictures'), 'pictures')
  expect([pictures.length, columns, colours]).toEqual([20, 20, 'grey'])
  expect(pictures.slice(0, 3).map(({ title }) => title)).toEqual(['3 d', '6 g', '2 c'])
  expect(Array.from(pictures[1]?.pixels.subarray(0, 3) ?? [])).toEqual([1, 2, 3])
  expect(pictures[1]?.shape).toEqual([28, 28, 1])
})

test('scale and one-hot show the range, and rows of 24 places', async () => {
  expect(valuesOf(await runUntil('scale'))).toEqual({
    'x_train.dtype': 'float32',
    'x_train.min()': '0.0',
    'x_train.max()': '1.0',
  })
  const outputs = await runUntil('one-hot')
  expect(valuesOf(outputs)).toMatchObject({ 'y_train.shape': '(64, 24)', 'y_train[0:5]': '3 6 2 2 12' })
  const { shape, values } = outputOf(outputs, 'matrix')
  expect(shape).toEqual([5, 24])
  expect([0, 1, 2, 3, 4].map((row) => Array.from(values).indexOf(1, row * 24) - row * 24)).toEqual([3, 6, 2, 2, 12])
})

test('build makes 676,888 parameters and sets them beside those of lesson 1', async () => {
  const outputs = await runUntil('build')
  expect(outputOf(outputs, 'summary').summary.rows.map((row) => row.parameters)).toEqual([401_920, 262_656, 12_312])
  expect(outputOf(outputs, 'table').rows).toEqual([
    ['mnist', '669,706', '0'],
    ['asl', '676,888', '0'],
  ])
})

test('train shows the history beside the reference, and the verdict of so few pictures compares nothing', async () => {
  const lesson = startLesson(asl, fakeLetters())
  expect(outputOf(await runUntil('train', lesson), 'history')).toEqual({
    kind: 'history',
    history: lesson.fitResult?.history,
    reference: asl.reference,
  })
  await runUntil('verdict', lesson)
  expect(lesson.verdict?.grade).toBeUndefined()
  expect(lesson.verdict?.text.en).toContain('limited run: 64 of 27,455')
})

test('digits do as well: ten classes, a note, no curve of the course', async () => {
  const lesson = startLesson(asl, fakeDigits())
  expect(outputOf(await runUntil('load', lesson), 'note').text.en).toContain(
    'they have 10 classes (0 1 2 3 4 5 6 7 8 9)',
  )
  expect(outputOf(await runUntil('pictures', lesson), 'pictures').pictures[0]?.title).toBe('5')
  expect(outputOf(await runUntil('train', lesson), 'history').reference).toEqual([])
  expect(lesson.model?.outputs[0]?.shape).toEqual([null, 10])
})

test('the app is asked for the sign-language data, and for the newest run of lesson 1', async () => {
  const asked: string[] = []
  const { load } = fakeLetters()
  const context = fakeLetters({
    load: async (dataset) => {
      asked.push(dataset)
      return load(dataset)
    },
    earlierRun: async (recipe) => {
      asked.push(recipe)
      return records([{ loss: 0.1, accuracy: 0.98, val_loss: 0.1, val_accuracy: 0.97 }])
    },
  })
  await runUntil('verdict', startLesson(asl, context))
  expect(asked).toEqual(['sign-language', 'mnist'])
})

test('every step that needs an earlier one says which', async () => {
  await expectStepsToNameWhatTheyNeed(asl, fakeLetters(), ['load', 'compile'])
})

test("the reference is the course's twenty epochs", () => {
  expect(asl.reference).toHaveLength(20)
  expect(asl.reference[6]).toEqual({ loss: 0.2121, accuracy: 0.9461, val_loss: 3.5995, val_accuracy: 0.5393 })
  expect(asl.reference.at(-1)?.val_accuracy).toBe(0.7759)
  expect(asl.fit).toEqual({ epochs: 20, batchSize: 32 })
})
