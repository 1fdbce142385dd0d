import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RecipeContext, rmsprop, unitRange } from '@gicho/core'
import { loadModel, mnistMlp } from '@gicho/models'
import { type Lesson, mnist, startLesson } from '@gicho/recipes'
import { enableProdMode } from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RunRecord } from './run-record.ts'

enableProdMode() // without tfjs' advertisement of its native backend

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gicho-record-'))
})
afterEach(() => rm(root, { recursive: true }))

const classNames = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']
const start = { engine: 'tfjs', device: 'CPU', threads: 1, parameters: 669_706, train: 64, valid: 20, stepsPerEpoch: 2 }
const epoch = { epoch: 1, loss: 1, accuracy: 0.5, val_loss: 1, val_accuracy: 0.5, seconds: 1, msPerStep: 500 }

const options = { engine: 'auto', backend: 'cpu', language: 'en' }

function newRecord(): Promise<RunRecord> {
  return RunRecord.create({ root, recipe: 'mnist', dataset: 'mnist', seed: 0, epochs: 5, batchSize: 32, options })
}

function lessonUnderWay(): Lesson {
  const context: RecipeContext = { load: () => Promise.reject(new Error('not needed')), seed: 0, epochs: 5 }
  const lesson = startLesson(mnist, context)
  lesson.train = {
    images: new Uint8Array(784),
    labels: new Uint8Array(1),
    length: 1,
    shape: [28, 28, 1],
    classNames,
    split: 'train',
    source: 'made up',
  }
  lesson.input = unitRange([784])
  lesson.compile = { loss: 'categoricalCrossentropy', optimizer: rmsprop(), metrics: ['accuracy'] }
  lesson.model = mnistMlp({ seed: 0 })
  return lesson
}

async function cardOf(record: RunRecord): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(record.folder, 'run.json'), 'utf8'))
}

test('from its start a run is on disk, as interrupted until it says otherwise', async () => {
  const record = await newRecord()
  record.start(start, 'made up')
  expect(await cardOf(record)).toMatchObject({ status: 'interrupted', history: [], dataset: { train: 64, valid: 20 } })
  record.epoch(epoch)
  expect(await cardOf(record)).toMatchObject({ status: 'interrupted', history: [epoch] })
})

test('a run that failed after an epoch keeps its history and the weights of that epoch', async () => {
  const record = await newRecord()
  record.start(start, 'made up')
  record.epoch(epoch)
  await record.finish('failed', lessonUnderWay())
  expect(await cardOf(record)).toMatchObject({ status: 'failed', history: [epoch], model: 'model' })
  expect((await loadModel(record.modelFolder)).classNames).toEqual(classNames)
})

test('a run that failed in its first epoch has no model to keep', async () => {
  const record = await newRecord()
  record.start(start, 'made up')
  await record.finish('failed', lessonUnderWay())
  expect((await readdir(record.folder)).sort()).toEqual(['history.csv', 'run.json'])
})

test('a run in which training never began leaves nothing behind', async () => {
  const record = await newRecord()
  await record.picture('first-image', { title: '', pixels: Uint8Array.of(1), shape: [1, 1, 1] })
  expect(await record.finish('interrupted', lessonUnderWay())).toBeUndefined()
  expect(await readdir(join(root, 'mnist'))).toEqual([])
})
