import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCardExample } from '../test/run-card-example.ts'
import { readRunCard } from './run-card.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-card-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function written(content: unknown): Promise<string> {
  await writeFile(join(folder, 'run.json'), JSON.stringify(content))
  return folder
}

test('a card is read as it was written', async () => {
  expect(await readRunCard(await written(runCardExample))).toEqual(runCardExample)
  const { model: _, ...bare } = runCardExample
  expect(await readRunCard(await written(bare))).toEqual(bare)
})

test('NaN, which JSON writes as null, is NaN again, and what was not measured stays absent', async () => {
  const epoch = { epoch: 1, loss: Number.NaN, accuracy: 0.1, val_loss: Number.NaN, seconds: 1, msPerStep: 1 }
  const { history } = await readRunCard(await written({ ...runCardExample, history: [epoch] }))
  expect(history).toEqual([epoch])
})

test.each([
  ['status', 'finished', 'expected done, interrupted or failed, got "finished"'],
  ['seed', undefined, 'expected a number, got nothing'],
  ['dataset', { name: 'mnist' }, 'expected an object with name, source, train and valid, got {"name":"mnist"}'],
  ['history', [{ epoch: 1 }], 'expected a list of epochs'],
  ['model', 3, 'expected a text or nothing, got 3'],
])('a damaged %s is named', async (name, value, message) => {
  await expect(readRunCard(await written({ ...runCardExample, [name]: value }))).rejects.toThrow(
    `run.json: "${name}": ${message}`,
  )
})

test('a file that is no JSON at all is refused', async () => {
  await writeFile(join(folder, 'run.json'), '{"format":"gicho-ru')
  await expect(readRunCard(folder)).rejects.toThrow("run.json: can't be read as JSON")
})
