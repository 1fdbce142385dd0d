import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunCard } from '@gicho/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCardExample } from '../test/run-card-example.ts'
import { findModel } from './find-model.ts'

const root = 'no-runs'
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
  const expected = { name: folder, model: join(folder, 'model'), dataset: 'mnist', valid: 640 }
  expect(await findModel(await withCard(card), root)).toEqual(expected)
  const name = join(folder, 'run.json')
  expect(await findModel(name, root)).toEqual({ ...expected, name })
})

test('a model without a run is found by its folder', async () => {
  await writeFile(join(folder, 'model.json'), '{}')
  expect(await findModel(folder, root)).toEqual({ name: folder, model: folder })
})

test('a folder with neither says what was expected', async () => {
  await expect(findModel(folder, root)).rejects.toThrow('expected the folder of a run (with run.json) or of a model')
})

test('a run.json that is damaged or foreign is refused', async () => {
  await expect(findModel(await withCard('{'), root)).rejects.toThrow("run.json: can't be read as JSON")
  await expect(findModel(await withCard([]), root)).rejects.toThrow('run.json: expected a JSON object, got [].')
  await expect(findModel(await withCard({ format: 'other' }), root)).rejects.toThrow('expected "format": "gicho-run"')
})

test("a run's model is never looked for outside of its folder", async () => {
  await expect(findModel(await withCard({ ...card, model: '../other' }), root)).rejects.toThrow(
    'run.json: "model": expected a plain name (letters, digits, - and _), got "../other".',
  )
})

test('a run that ended without a model says so', async () => {
  const { model: _, ...bare } = card
  await expect(findModel(await withCard({ ...bare, status: 'failed' }), root)).rejects.toThrow(
    'this run (failed) ended without a saved model. Train again.',
  )
})

/** Runs of lesson 1, by number, with how they ended. */
async function makeRuns(ended: Readonly<Record<number, Partial<RunCard>>>): Promise<void> {
  for (const [number, changes] of Object.entries(ended)) {
    await mkdir(join(folder, 'mnist', number), { recursive: true })
    await writeFile(join(folder, 'mnist', number, 'run.json'), JSON.stringify({ ...card, status: 'done', ...changes }))
  }
}

test('a recipe means its newest finished run, also where a newer one was interrupted', async () => {
  await makeRuns({ 1: {}, 9: {}, 10: {}, 11: { status: 'interrupted' }, 12: { status: 'failed' } })
  expect(await findModel('mnist', folder)).toMatchObject({
    name: join(folder, 'mnist', '10'),
    model: join(folder, 'mnist', '10', 'model'),
    valid: 640,
  })
})

test('a recipe without a finished run says how to make one, or that it never will have one', async () => {
  await makeRuns({ 1: { status: 'failed' } })
  await expect(findModel('mnist', folder)).rejects.toThrow(
    `mnist: expected a finished run of it in ${join(folder, 'mnist')}, found none. Make one with "gicho train mnist", or name the folder of a run or a model.`,
  )
  await expect(findModel('asl-deploy', folder)).rejects.toThrow('This lesson trains nothing: name another, or name')
})
