import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunCard } from '@gicho/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCardExample } from '../test/run-card-example.ts'
import { findModel } from './saved-run.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-run-'))
})
afterEach(() => rm(folder, { recursive: true }))

const card: RunCard = { ...runCardExample, dataset: { ...runCardExample.dataset, valid: 640 } }

async function withCard(content: unknown): Promise<string> {
  await writeFile(join(folder, 'run.json'), typeof content === 'string' ? content : JSON.stringify(content))
  return folder
}

test('a run is found by its folder and by its run.json', async () => {
  const expected = { model: join(folder, 'model'), dataset: 'mnist', valid: 640 }
  expect(await findModel(await withCard(card))).toEqual(expected)
  expect(await findModel(join(folder, 'run.json'))).toEqual(expected)
})

test('a model without a run is found by its folder', async () => {
  await writeFile(join(folder, 'model.json'), '{}')
  expect(await findModel(folder)).toEqual({ model: folder })
})

test('a folder with neither says what was expected', async () => {
  await expect(findModel(folder)).rejects.toThrow('expected the folder of a run (with run.json) or of a model')
})

test('a run.json that is damaged or foreign is refused', async () => {
  await expect(findModel(await withCard('{'))).rejects.toThrow("run.json: can't be read as JSON")
  await expect(findModel(await withCard([]))).rejects.toThrow('run.json: expected a JSON object, got [].')
  await expect(findModel(await withCard({ format: 'other' }))).rejects.toThrow('expected "format": "gicho-run"')
})

test("a run's model is never looked for outside of its folder", async () => {
  await expect(findModel(await withCard({ ...card, model: '../other' }))).rejects.toThrow(
    'run.json: "model": expected a plain name (letters, digits, - and _), got "../other".',
  )
})

test('a run that ended without a model says so', async () => {
  const { model: _, ...bare } = card
  await expect(findModel(await withCard({ ...bare, status: 'failed' }))).rejects.toThrow(
    'this run (failed) ended without a saved model. Train again.',
  )
})
