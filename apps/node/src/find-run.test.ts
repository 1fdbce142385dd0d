import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findRun } from './find-run.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gicho-find-'))
})
afterEach(() => rm(root, { recursive: true }))

async function makeRun(name: string): Promise<string> {
  const folder = join(root, name)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'run.json'), '{}')
  return folder
}

test('a run is found by its folder and by its run.json', async () => {
  const folder = await makeRun('mnist/1')
  expect(await findRun(folder, 'elsewhere', [])).toBe(folder)
  expect(await findRun(join(folder, 'run.json'), 'elsewhere', [])).toBe(folder)
})

test('a recipe means its newest run: the largest number that has a record', async () => {
  await makeRun('mnist/9')
  const newest = await makeRun('mnist/10')
  await mkdir(join(root, 'mnist/11')) // a run in which nothing was trained yet
  await makeRun('mnist/notes')
  expect(await findRun('mnist', root, ['mnist'])).toBe(newest)
})

test('a recipe without runs says how to make one', async () => {
  await expect(findRun('mnist', root, ['mnist'])).rejects.toThrow(
    `mnist: there is no run of it in ${join(root, 'mnist')}. Make one with "gicho train mnist", or name its folder with --out.`,
  )
})

test('what is neither says what was expected', async () => {
  await expect(findRun('minst', root, ['mnist', 'asl'])).rejects.toThrow(
    "minst: expected a run's folder (with run.json) or a recipe (mnist, asl), found neither.",
  )
  await expect(findRun('../mnist', root, ['mnist'])).rejects.toMatchObject({ code: 'not-found' })
})
