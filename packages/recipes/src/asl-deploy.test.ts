import { readFile } from 'node:fs/promises'
import { unitRange } from '@gicho/core'
import * as models from '@gicho/models'
import { decodeImage, imageToInput, turnUpright } from '@gicho/preprocess'
import { enableProdMode } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { fakeLetters } from '../test/fake-lesson.ts'
import { expectStepsToNameWhatTheyNeed, outputOf, runUntil as runSteps, valuesOf } from '../test/walk.ts'
import { aslDeploy } from './asl-deploy.ts'
import { type Lesson, type LessonContext, type OpenedModel, startLesson } from './lesson.ts'
import { seenBy } from './predict-image.ts'

enableProdMode()

const letters = [...'abcdefghiklmnopqrstuvwxy']

function opened(changes: Partial<OpenedModel> = {}): OpenedModel {
  const model = models.aslCnn({ seed: 1, classes: changes.classNames?.length ?? 24 })
  return {
    model,
    classNames: letters,
    input: unitRange([28, 28, 1]),
    where: 'runs/asl-augmented/1/asl_model',
    ...changes,
  }
}

const photo = async () => ({
  name: 'hand.jpg',
  bytes: await readFile(new URL('../../preprocess/fixtures/images/photo-size.jpg', import.meta.url)),
})

function lessonWith(changes: Partial<LessonContext> = {}): Lesson {
  return startLesson(aslDeploy, fakeLetters({ openModel: async () => opened(), photo, ...changes }))
}

const runUntil = (id: string, lesson: Lesson = lessonWith()) => runSteps(id, lesson)

test('it trains nothing and says so', () => {
  expect(aslDeploy.fit).toBeUndefined()
  expect(aslDeploy.reference).toEqual([])
  expect(aslDeploy.verdict([])).toEqual({
    text: { en: expect.stringContaining('trains nothing'), ko: expect.any(String) },
  })
  expect(aslDeploy.steps.map((step) => step.id)).toEqual([
    'open',
    'photo',
    'grey',
    'resize',
    'input',
    'predict',
    'letter',
    'one-function',
  ])
})

test('open asks for asl_model and shows where it was, what it takes and what it knows', async () => {
  const asked: string[] = []
  const openModel = async (name: string) => {
    asked.push(name)
    return opened()
  }
  const outputs = await runUntil('open', lessonWith({ openModel }))
  expect(asked).toEqual(['asl_model'])
  expect(valuesOf(outputs)).toEqual({
    asl_model: 'runs/asl-augmented/1/asl_model',
    'input.shape': '(28, 28, 1)',
    classNames: letters.join(' '),
  })
  expect(outputOf(outputs, 'summary').summary.totalParameters).toBe(264_049)
})

test('the photo is shown in colour and, large as it is, small enough for any screen', async () => {
  const lesson = lessonWith()
  const outputs = await runUntil('photo', lesson)
  const { width = 0, height = 0 } = lesson.photo ?? {}
  expect(valuesOf(outputs)).toEqual({ file: 'hand.jpg (jpeg)', shape: `(${height}, ${width}, 4)` })
  const [picture] = outputOf(outputs, 'pictures').pictures
  expect(picture?.shape[2]).toBe(3)
  expect(Math.max(...(picture?.shape ?? []))).toBe(64)
  expect(
    new Set([width > 64, picture?.pixels.length === (picture?.shape ?? []).reduce((n, side) => n * side, 1)]),
  ).toEqual(new Set([true]))
})

test('a photo that lies on its side is turned, and the step says so; a learner may have it as it is stored', async () => {
  const bytes = await readFile(new URL('../../preprocess/fixtures/images/exif-6.jpg', import.meta.url))
  const [stored, turned] = [await decodeImage(bytes), turnUpright(await decodeImage(bytes))]
  const lying = async () => ({ name: 'phone.jpg', bytes })
  const lesson = lessonWith({ photo: lying })
  const outputs = await runUntil('photo', lesson)
  expect(lesson.photo).toEqual(turned)
  expect(valuesOf(outputs).shape).toBe('(37, 29, 4)')
  expect(outputOf(outputs, 'note').text).toEqual({
    en: expect.stringContaining('This photo was turned by its EXIF orientation (6)'),
    ko: expect.stringContaining('EXIF 방향(6)'),
  })
  const asStored = lessonWith({ photo: async () => ({ ...(await lying()), imageOrientation: 'none' }) })
  const note = outputOf(await runUntil('photo', asStored), 'note').text.en
  expect(asStored.photo?.pixels).toEqual(stored.pixels)
  expect(note).toContain('It was left as it is stored')
  for (const each of [lesson, asStored]) {
    await runUntil('resize', each)
    expect((await seenBy(opened(), each.photo ?? stored)).pixels).toEqual(each.seen?.pixels)
  }
  expect((await runUntil('photo')).map(({ kind }) => kind)).not.toContain('note')
})

test('step by step the photo becomes what imageToInput makes of it at once', async () => {
  const lesson = lessonWith()
  await runUntil('grey', lesson)
  expect(lesson.grey).toMatchObject({ channels: 1, width: lesson.photo?.width })
  const outputs = await runUntil('resize', lesson)
  const { bytes } = await photo()
  const expected = imageToInput(await decodeImage(bytes), [28, 28, 1])
  expect(lesson.seen?.pixels).toEqual(expected)
  expect(outputOf(outputs, 'matrix')).toMatchObject({ shape: [28, 28], values: expected })
})

test('input has the shape and the scale of training', async () => {
  const lesson = lessonWith()
  const outputs = await runUntil('input', lesson)
  expect(valuesOf(outputs)).toMatchObject({ 'small.shape': '(28, 28)', 'x.shape': '(1, 28, 28, 1)' })
  expect(outputOf(outputs, 'matrix').values[0]).toBe(Math.fround((lesson.seen?.pixels[0] ?? 0) / 255))
})

test('the network is asked, the three best are ranked, the largest becomes a letter', async () => {
  const lesson = lessonWith()
  const outputs = await runUntil('predict', lesson)
  expect(outputOf(outputs, 'matrix').shape).toEqual([1, 24])
  expect(outputOf(outputs, 'table').rows).toEqual([
    ['b', '75.0%'],
    ['a', '1.0%'],
    ['c', '1.0%'],
  ])
  expect(valuesOf(await runUntil('letter', lesson))).toEqual({ 'argmax(predictions)': '1', 'classNames[1]': 'b' })
})

test('one function comes to the same letter', async () => {
  expect(valuesOf(await runUntil('one-function'))).toEqual({ 'predictLetter(photo)': 'b' })
})

test('a model of digits answers with a digit, a perceptron takes its row of pixels', async () => {
  const digits = async () => opened({ classNames: [...'0123456789'] })
  expect(valuesOf(await runUntil('one-function', lessonWith({ openModel: digits })))).toEqual({
    'predictImage(photo).label': '1',
  })
  const row = async () => opened({ model: models.aslMlp({ seed: 1 }), input: unitRange([784]) })
  const lesson = lessonWith({ openModel: row })
  expect(valuesOf(await runUntil('input', lesson))['x.shape']).toBe('(1, 784)')
  expect(valuesOf(await runUntil('letter', lesson))['classNames[1]']).toBe('b')
})

test('a model of colour pictures is refused with what to do', async () => {
  const colours = async () => opened({ input: unitRange([28, 28, 3]) })
  await expect(runUntil('resize', lessonWith({ openModel: colours }))).rejects.toThrow(
    'asl-deploy: expected a model of grey pictures, got one that takes (28, 28, 3).',
  )
})

test('an app that opens no models, or has no photo, is told of in a sentence', async () => {
  await expect(runUntil('open', startLesson(aslDeploy, fakeLetters()))).rejects.toThrow(
    "asl-deploy: expected an app that opens saved models, this one doesn't. In a program of your own, use loadModel",
  )
  const withoutPhoto = startLesson(aslDeploy, fakeLetters({ openModel: async () => opened() }))
  await expect(runUntil('photo', withoutPhoto)).rejects.toThrow('expected an app that gives a photo')
})

test('every step that needs an earlier one says which', async () => {
  await expectStepsToNameWhatTheyNeed(aslDeploy, lessonWith().context, ['open', 'photo'])
})
