import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mnist } from '@gicho/recipes'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listRunFiles } from './run-files.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-files-'))
})
afterEach(() => rm(folder, { recursive: true }))

test("a run's own files come first, then the pictures of its steps, then what else lies there", async () => {
  for (const name of ['a-note.txt', 'first-image.png', 'curves.svg', 'run.json'])
    await writeFile(join(folder, name), '')
  for (const name of ['model', 'checkpoints']) await mkdir(join(folder, name))
  const files = await listRunFiles(folder, mnist, 'en')
  expect(files.map(({ name, shows }) => ({ name, shows }))).toEqual([
    { name: 'run.json', shows: 'the record that you are reading' },
    { name: 'curves.svg', shows: "loss and accuracy over the epochs, before the course's" },
    { name: 'model/', shows: 'the trained network' },
    { name: 'checkpoints/', shows: 'where the run can be taken up again' },
    { name: 'first-image.png', shows: 'from the step "A picture is a grid of numbers"' },
    { name: 'a-note.txt', shows: '' },
  ])
  const korean = await listRunFiles(folder, undefined, 'ko')
  expect(korean.map(({ shows }) => shows)).toContain('학습된 신경망')
  expect(korean.find(({ name }) => name === 'first-image.png')?.shows).toBe('')
})

test('pictures are PNGs and SVGs in the folder itself; links, folders and other kinds are none', async () => {
  for (const name of ['curves.svg', 'curves.html', 'curves', 'own.png', 'run.json'])
    await writeFile(join(folder, name), '')
  await mkdir(join(folder, 'folder.png'))
  await symlink(join(folder, 'own.png'), join(folder, 'mistakes.svg'))
  const files = await listRunFiles(folder, mnist, 'en')
  expect(files.flatMap(({ name, isPicture }) => (isPicture ? [name] : []))).toEqual(['curves.svg', 'own.png'])
})
