import { adam, adamw, type EpochRecord, type RunStart, rmsprop, sgd } from '@gicho/core'
import { enableProdMode } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { fakeDigits, fakeLetters } from '../test/fake-lesson.ts'
import { expectStepsToNameWhatTheyNeed, runUntil as runSteps, valuesOf } from '../test/walk.ts'
import { type Lesson, startLesson } from './lesson.ts'
import { mnist } from './mnist.ts'

enableProdMode() // without tfjs' advertisement of its native backend

const runUntil = (id: string, lesson: Lesson = startLesson(mnist, fakeDigits())) => runSteps(id, lesson)

test('the steps come in the order of the lesson', () => {
  expect(mnist.steps.map((step) => step.id)).toEqual([
    'load',
    'first-image',
    'flatten',
    'scale',
    'one-hot',
    'build',
    'compile',
    'train',
    'verdict',
  ])
})

test('load says how much of the data is taken, and shows the four arrays', async () => {
  expect(await runUntil('load')).toEqual([
    {
      kind: 'note',
      text: {
        en: 'This run takes 64 of the 60,000 training pictures, and 20 of the 10,000 for validation.',
        ko: '이번에는 학습 그림 60,000장 가운데 64장, 검증 그림 10,000장 가운데 20장만 씁니다.',
      },
    },
    {
      kind: 'table',
      columns: ['array', 'shape', 'dtype'],
      rows: [
        ['x_train', '(64, 28, 28)', 'uint8'],
        ['y_train', '(64,)', 'uint8'],
        ['x_valid', '(20, 28, 28)', 'uint8'],
        ['y_valid', '(20,)', 'uint8'],
      ],
    },
  ])
})

test('first-image shows shapes, type and range, then the picture as numbers and in grey with its label', async () => {
  const outputs = await runUntil('first-image')
  expect(valuesOf(outputs)).toEqual({
    'x_train.shape': '(64, 28, 28)',
    'x_valid.shape': '(20, 28, 28)',
    'x_train.dtype': 'uint8',
    'x_train.min()': '0',
    'x_train.max()': '255',
    'y_train[0]': '5',
  })
  expect(outputs[1]).toMatchObject({ kind: 'matrix', shape: [28, 28], digits: 0 })
  expect(outputs[2]).toMatchObject({
    kind: 'pictures',
    colours: 'grey',
    pictures: [{ title: '5', shape: [28, 28, 1] }],
  })
})

test('flatten shows rows of 784 and the first of them', async () => {
  const outputs = await runUntil('flatten')
  expect(valuesOf(outputs)).toEqual({ 'x_train.shape': '(64, 784)', 'x_valid.shape': '(20, 784)' })
  const row = outputs[1]
  expect(row).toMatchObject({ kind: 'matrix', shape: [784] })
  expect(row?.kind === 'matrix' ? Array.from(row.values).slice(0, 3) : []).toEqual([0, 1, 2])
})

test('scale shows float32 from 0 to 1', async () => {
  expect(valuesOf(await runUntil('scale'))).toEqual({
    'x_train.dtype': 'float32',
    'x_train.min()': '0.0',
    'x_train.max()': '1.0',
  })
})

test('one-hot shows the first nine labels as ten places each', async () => {
  const outputs = await runUntil('one-hot')
  expect(valuesOf(outputs)['y_train[0:9]']).toBe('5 0 4 1 9 2 1 3 1')
  const rows = outputs[1]
  expect(rows).toMatchObject({ kind: 'matrix', shape: [9, 10] })
  expect(rows?.kind === 'matrix' ? Array.from(rows.values).slice(0, 10) : []).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
})

test('build makes the network of 669,706 parameters, the same for the same seed', async () => {
  const lesson = startLesson(mnist, fakeDigits())
  const outputs = await runUntil('build', lesson)
  const summary = outputs[0]?.kind === 'summary' ? outputs[0].summary : undefined
  expect(summary?.rows.map((row) => row.parameters)).toEqual([401_920, 262_656, 5_130])
  expect(summary?.totalParameters).toBe(669_706)
})

test('compile names cross-entropy, RMSprop and accuracy', async () => {
  const lesson = startLesson(mnist, fakeDigits())
  expect(valuesOf(await runUntil('compile', lesson))).toMatchObject({
    loss: 'categorical_crossentropy',
    metrics: 'accuracy',
  })
  expect(lesson.compile?.optimizer).toEqual({
    name: 'rmsprop',
    learningRate: 1e-3,
    rho: 0.9,
    epsilon: 1e-7,
    epsilonMode: 'keras3',
  })
})

test('compile takes the optimizer that the app names, and says its settings', async () => {
  for (const [optimizer, said] of [
    [adam({ learningRate: 0.01 }), 'adam (learning rate 0.01, beta1 0.9, beta2 0.999)'],
    [adamw(), 'adamw (learning rate 0.001, beta1 0.9, beta2 0.999, weight decay 0.004)'],
    [sgd(), 'sgd (learning rate 0.01)'],
    [sgd({ momentum: 0.9 }), 'sgd (learning rate 0.01, momentum 0.9)'],
    [rmsprop({ momentum: 0.5 }), 'rmsprop (learning rate 0.001, rho 0.9, momentum 0.5)'],
  ] as const) {
    const lesson = startLesson(mnist, fakeDigits({ optimizer }))
    expect(valuesOf(await runUntil('compile', lesson)).optimizer).toBe(said)
    expect(lesson.compile?.optimizer).toBe(optimizer)
  }
})

test('batches are as large as the app says', async () => {
  const starts: RunStart[] = []
  const onStart = (run: RunStart): void => void starts.push(run)
  await runUntil('train', startLesson(mnist, fakeDigits({ onStart })))
  await runUntil('train', startLesson(mnist, fakeDigits({ onStart, batchSize: 10 })))
  expect(starts.map(({ stepsPerEpoch }) => stepsPerEpoch)).toEqual([2, 7])
})

test('train reports each epoch and shows the history beside the reference', async () => {
  const epochs: EpochRecord[] = []
  const lesson = startLesson(mnist, fakeDigits({ onEpoch: (epoch) => void epochs.push(epoch) }))
  const outputs = await runUntil('train', lesson)
  expect(epochs.map(({ epoch, loss, accuracy, val_accuracy }) => ({ epoch, loss, accuracy, val_accuracy }))).toEqual([
    { epoch: 1, loss: 0.5, accuracy: 0.75, val_accuracy: 0.95 },
    { epoch: 2, loss: 0.5, accuracy: 0.75, val_accuracy: 0.95 },
  ])
  expect(outputs[0]).toEqual({ kind: 'history', history: lesson.fitResult?.history, reference: mnist.reference })
})

test('the verdict of a run on fewer images says that it was limited', async () => {
  const lesson = startLesson(mnist, fakeDigits())
  const outputs = await runUntil('verdict', lesson)
  const text = outputs[0]?.kind === 'verdict' ? outputs[0].verdict.text : undefined
  expect(text?.en).toContain('limited run: 64 of 60,000')
  expect(text?.ko).toContain('60,000장 가운데 64장')
  expect(lesson.verdict?.grade).toBeUndefined()
})

test('every step that needs an earlier one says which', async () => {
  await expectStepsToNameWhatTheyNeed(mnist, fakeDigits(), ['load', 'compile'])
})

test('it runs on other pictures, says that they are others, and holds them against nothing', async () => {
  const asked: string[] = []
  const { load } = fakeLetters()
  const recording: typeof load = async (name) => {
    asked.push(name)
    return load(name)
  }
  const lesson = startLesson(mnist, fakeDigits({ load: recording }))
  expect((await runUntil('load', lesson))[0]).toMatchObject({
    kind: 'note',
    text: { en: expect.stringContaining('24') },
  })
  const outputs = await runUntil('train', lesson)
  expect(outputs[0]).toMatchObject({ reference: [] })
  await runUntil('verdict', lesson)
  expect(lesson.verdict?.grade).toBeUndefined()
  expect(lesson.verdict?.text.en).toContain("other pictures than the course's")
  expect(lesson.model?.outputs[0]?.shape).toEqual([null, 24])
  expect(new Set(asked)).toEqual(new Set(['mnist']))
})

test("the reference is the course's five epochs", () => {
  expect(mnist.reference.map((epoch) => epoch.val_accuracy)).toEqual([0.9688, 0.9764, 0.9735, 0.9759, 0.979])
  expect(mnist.fit).toEqual({ epochs: 5, batchSize: 32 })
  expect(mnist.band?.low).toBe(0.975)
})
