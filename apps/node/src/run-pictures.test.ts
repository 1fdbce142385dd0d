import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImageDataset } from '@gicho/core'
import { mnist } from '@gicho/recipes'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DrawnRun, drawCurves, drawPictures, drawPredictions } from './run-pictures.ts'

let folder = ''
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'gicho-pictures-')), '7')
  await mkdir(folder)
})
afterEach(() => rm(join(folder, '..'), { recursive: true }))

const epoch = { epoch: 1, loss: 1, accuracy: 0.5, val_loss: 1, val_accuracy: 0.5, seconds: 1, msPerStep: 500 }
const data: ImageDataset = {
  images: new Uint8Array(3 * 784),
  labels: Uint8Array.of(0, 1, 1),
  length: 3,
  shape: [28, 28, 1],
  classNames: ['a', 'b'],
  split: 'test',
  source: 'made up',
}
const probabilities = Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.75, 0.25)

function run(language: 'en' | 'ko' = 'en'): DrawnRun {
  return { folder, recipe: mnist, history: [epoch], language }
}

async function drawn(name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8')
}

test('curves stand before the recorded ones of the course and the accepted range', async () => {
  await drawCurves(run())
  const svg = await drawn('curves.svg')
  for (const text of [
    'Reading handwritten digits (mnist/7)',
    'validation in the course',
    'accepted validation accuracy',
  ]) {
    expect(svg).toContain(text)
  }
})

test('a range for another metric than val_accuracy is not drawn as one for it', async () => {
  await drawCurves({ ...run(), recipe: { ...mnist, band: { metric: 'accuracy', low: 0.97, high: 1 } } })
  expect(await drawn('curves.svg')).not.toContain('accepted')
})

test('a run without a finished epoch has no curves', async () => {
  await drawCurves({ ...run(), history: [] })
  expect(await readdir(folder)).toEqual([])
})

test('predictions become the confusion matrix and the surest mistakes, in the language of the run', async () => {
  await drawPredictions(run(), data, probabilities)
  expect(await drawn('confusion.svg')).toContain('66.67% right (2 of 3)')
  expect(await drawn('mistakes.svg')).toContain('b → a 75%')
  await drawPredictions(run('ko'), data, probabilities)
  expect(await drawn('confusion.svg')).toContain('66.67% 맞음(3장 중 2장)')
  expect(await drawn('mistakes.svg')).toContain('가장 자신 있게 틀린 그림')
})

test('pictures become one grid under the name of their step', async () => {
  const pictures = [1, 2, 3].map((i) => ({ title: `no. ${i}`, pixels: Uint8Array.of(i), shape: [1, 1, 1] as const }))
  await drawPictures(folder, 'batch', { kind: 'pictures', title: 'a batch', columns: 2, pictures, colours: 'viridis' })
  expect(await readdir(folder)).toEqual(['batch.svg'])
  for (const text of ['a batch', 'no. 1', 'no. 3']) expect(await drawn('batch.svg')).toContain(text)
})

test('a folder that cannot be written to is named', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  await expect(drawCurves({ ...run(), folder: file })).rejects.toThrow(/file\/curves\.svg: can't be written/)
})
