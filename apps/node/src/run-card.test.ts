import { execFileSync } from 'node:child_process'
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

test('a card is read from its folder as it was written', async () => {
  expect(await readRunCard(await written(runCardExample))).toEqual(runCardExample)
})

test('what is wrong is said with the file and the field', async () => {
  const damaged = await written({ ...runCardExample, status: 'finished' })
  await expect(readRunCard(damaged)).rejects.toThrow(
    `${join(folder, 'run.json')}: "status": expected "done" or "interrupted" or "failed", got "finished".`,
  )
  await writeFile(join(folder, 'run.json'), '{"format":"gicho-ru')
  await expect(readRunCard(folder)).rejects.toThrow("run.json: can't be read as JSON")
})

test('a folder without a card says so', async () => {
  await expect(readRunCard(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'not-found' })
})

test('a pipe in the place of a card is refused at once', async () => {
  execFileSync('mkfifo', [join(folder, 'run.json')])
  await expect(readRunCard(folder)).rejects.toThrow("run.json: expected a run's card, got a pipe.")
})
