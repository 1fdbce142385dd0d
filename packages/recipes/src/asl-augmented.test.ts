import type { EpochRecord, TrainingState } from '@gicho/core'
import type { SavedModel } from '@gicho/models'
import { enableProdMode } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { fakeDigits, fakeLetters } from '../test/fake-lesson.ts'
import { expectStepsToNameWhatTheyNeed, outputOf, runUntil as runSteps, valuesOf } from '../test/walk.ts'
import { aslAugmented } from './asl-augmented.ts'
import { type Lesson, startLesson } from './lesson.ts'

enableProdMode()

const runUntil = (id: string, lesson: Lesson = startLesson(aslAugmented, fakeLetters())) => runSteps(id, lesson)

test('the steps come in the order of the lesson', () => {
  expect(aslAugmented.steps.map((step) => step.id)).toEqual([
    'prepare',
    'build',
    'augment',
    'batch',
    'fit-generator',
    'steps-per-epoch',
    'compile',
    'train',
    'verdict',
    'save',
  ])
})

test('prepare does in one step what lessons 2 and 3 did in several', async () => {
  const lesson = startLesson(aslAugmented, fakeLetters())
  const outputs = await runUntil('prepare', lesson)
  expect(outputOf(outputs, 'table').rows[0]).toEqual(['x_train', '(64, 28, 28, 1)', 'uint8'])
  expect(valuesOf(outputs)).toMatchObject({ 'x_train.max()': '1.0', 'y_train.shape': '(64, 24)' })
  expect(lesson.input?.shape).toEqual([28, 28, 1])
})

test("augment has the lesson's transformations", async () => {
  const lesson = startLesson(aslAugmented, fakeLetters())
  expect(valuesOf(await runUntil('augment', lesson))).toEqual({
    rotationRange: '10',
    zoomRange: '0.1',
    widthShiftRange: '0.1',
    heightShiftRange: '0.1',
    horizontalFlip: 'true',
    verticalFlip: 'false',
  })
  expect(lesson.generator?.ranges).toMatchObject({ rotation: 10, zoom: [0.9, 1.1], horizontalFlip: true })
})

test('batch shows 32 changed pictures, four rows of eight, in viridis; the same for the same seed', async () => {
  const lesson = startLesson(aslAugmented, fakeLetters())
  const grid = outputOf(await runUntil('batch', lesson), 'pictures')
  expect([grid.pictures.length, grid.columns, grid.colours]).toEqual([32, 8, 'viridis'])
  const originals = new Set(
    Array.from({ length: 64 }, (_, i) => String(lesson.train?.images.subarray(i * 784, (i + 1) * 784))),
  )
  expect(grid.pictures.some(({ pixels }) => originals.has(String(pixels)))).toBe(false)
  expect(grid.pictures.every(({ title }) => 'dgcny'.includes(title))).toBe(true)
  expect(outputOf(await runUntil('batch'), 'pictures')).toEqual(grid)
})

test('looking at a batch changes nothing of the training', async () => {
  const draws: string[] = []
  for (const looks of [1, 3]) {
    const lesson = startLesson(aslAugmented, fakeLetters({ epochs: 1 }))
    for (const step of aslAugmented.steps) {
      const times = step.id === 'batch' ? looks : 1
      for (let i = 0; i < times; i++) await step.run(lesson)
      const { generator } = lesson
      if (step.id !== 'compile' || generator === undefined) continue
      const drawTable = generator.drawTable.bind(generator)
      generator.drawTable = (random, count, shape) => {
        const table = drawTable(random, count, shape)
        draws.push(String(table))
        return table
      }
    }
  }
  expect(draws).toHaveLength(2)
  expect(draws[0]).toBe(draws[1])
})

test('the fit of the generator learns nothing', async () => {
  expect(valuesOf(await runUntil('fit-generator'))).toEqual({
    'generator.fitted.mean': 'null',
    'generator.fitted.std': 'null',
    'generator.fitted.whitening': 'null',
  })
})

test('an epoch has as many steps as one pass, rounded up, unless the app says otherwise', async () => {
  expect(valuesOf(await runUntil('steps-per-epoch'))).toEqual({
    'x_train.length': '64',
    'x_train.length / 32': '2.00',
    stepsPerEpoch: '2',
  })
  const larger = startLesson(aslAugmented, fakeLetters({ batchSize: 48 }))
  expect(valuesOf(await runUntil('steps-per-epoch', larger))).toEqual({
    'x_train.length': '64',
    'x_train.length / 48': '1.33',
    stepsPerEpoch: '2',
  })
  const chosen = await runUntil('steps-per-epoch', startLesson(aslAugmented, fakeLetters({ stepsPerEpoch: 1 })))
  expect(valuesOf(chosen).stepsPerEpoch).toBe('1')
  expect(outputOf(chosen, 'note').text.en).toContain('another number of steps')
  for (const [stepsPerEpoch, steps] of [
    [undefined, 2],
    [1, 1],
  ] as const) {
    const starts: number[] = []
    const context = fakeLetters({
      ...(stepsPerEpoch === undefined ? {} : { stepsPerEpoch }),
      onStart: (run) => void starts.push(run.stepsPerEpoch),
    })
    await runUntil('train', startLesson(aslAugmented, context))
    expect(starts).toEqual([steps])
  }
})

test('the app can keep the state of the training and go on from it', async () => {
  const states: TrainingState[] = []
  await runUntil(
    'train',
    startLesson(aslAugmented, fakeLetters({ epochs: 1, onCheckpoint: (state) => void states.push(state) })),
  )
  const resumeFrom = states.at(-1)
  expect(resumeFrom?.epoch).toBe(1)
  if (resumeFrom === undefined) return
  const epochs: EpochRecord[] = []
  const lesson = startLesson(aslAugmented, fakeLetters({ resumeFrom, onEpoch: (epoch) => void epochs.push(epoch) }))
  await runUntil('train', lesson)
  expect(epochs.map(({ epoch }) => epoch)).toEqual([2])
  expect(lesson.fitResult?.history.map(({ epoch }) => epoch)).toEqual([1, 2])
})

test('save keeps the trained model as asl_model, with all that lesson 5 needs, and says where', async () => {
  const kept: [string, SavedModel][] = []
  const saveModel = async (name: string, saved: SavedModel) => {
    kept.push([name, saved])
    return `runs/1/${name}`
  }
  const lesson = startLesson(aslAugmented, fakeLetters({ saveModel }))
  expect(valuesOf(await runUntil('save', lesson))).toEqual({ asl_model: 'runs/1/asl_model' })
  const [name, saved] = kept[0] ?? []
  expect(name).toBe('asl_model')
  expect(saved?.model).toBe(lesson.model)
  expect(saved?.classNames.join('')).toBe('abcdefghiklmnopqrstuvwxy')
  expect(saved).toMatchObject({ input: { shape: [28, 28, 1] }, compile: { loss: 'categoricalCrossentropy' } })
})

test('an app that keeps no models is told of in a sentence', async () => {
  expect(outputOf(await runUntil('save'), 'note').text.en).toContain('keeps no models')
})

test('digits do as well', async () => {
  const lesson = startLesson(aslAugmented, fakeDigits())
  expect(outputOf(await runUntil('prepare', lesson), 'note').text.ko).toContain('10')
  await runUntil('verdict', lesson)
  expect(lesson.model?.outputs[0]?.shape).toEqual([null, 10])
})

test('every step that needs an earlier one says which', async () => {
  await expectStepsToNameWhatTheyNeed(aslAugmented, fakeLetters(), ['prepare', 'augment', 'compile'])
})

test("the reference is the course's twenty epochs", () => {
  expect(aslAugmented.reference).toHaveLength(20)
  expect(aslAugmented.reference[17]).toEqual({ loss: 0.0586, accuracy: 0.9842, val_loss: 0.0041, val_accuracy: 0.9982 })
})
