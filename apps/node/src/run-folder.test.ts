import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCardExample } from '../test/run-card-example.ts'
import { createRunFolder, historyCsv, writePicture, writeRun } from './run-folder.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gicho-runs-'))
})
afterEach(() => rm(root, { recursive: true }))

test('runs are numbered from 1, after the largest number there is', async () => {
  expect(await createRunFolder(root, 'mnist')).toBe(join(root, 'mnist', '1'))
  await mkdir(join(root, 'mnist', '41'))
  await mkdir(join(root, 'mnist', 'notes'))
  expect(await createRunFolder(root, 'mnist')).toBe(join(root, 'mnist', '42'))
})

test('twenty runs that start at once get twenty folders', async () => {
  const folders = await Promise.all(Array.from({ length: 20 }, () => createRunFolder(root, 'mnist')))
  expect(new Set(folders).size).toBe(20)
  expect(await readdir(join(root, 'mnist'))).toHaveLength(20)
})

test('a place that cannot be written to is named, with what to do', async () => {
  const file = join(root, 'file')
  await writeFile(file, '')
  await expect(createRunFolder(file, 'mnist')).rejects.toThrow(
    /file\/mnist: can't be written: a part of the path is a file, not a folder\. Make room, or name .* --out DIR/,
  )
})

test('a card says that a run is done only when all else of it is written', async () => {
  writeRun(root, runCardExample)
  await rm(join(root, 'history.csv'))
  await mkdir(join(root, 'history.csv'))
  expect(() => writeRun(root, { ...runCardExample, status: 'done' })).toThrow("can't be written: it is a folder.")
  expect(JSON.parse(await readFile(join(root, 'run.json'), 'utf8')).status).toBe('interrupted')
})

test('a history is written under the names of Keras, with empty fields for what was not measured', () => {
  const epoch = { epoch: 1, loss: 0.5, accuracy: 0.75, seconds: 2, msPerStep: 1 }
  expect(
    historyCsv([
      { ...epoch, val_loss: 0.25, val_accuracy: 0.9 },
      { ...epoch, epoch: 2 },
    ]),
  ).toBe('epoch,loss,accuracy,val_loss,val_accuracy,seconds,msPerStep\n1,0.5,0.75,0.25,0.9,2,1\n2,0.5,0.75,,,2,1\n')
})

test('a picture becomes a PNG in which each pixel is a square', async () => {
  const path = await writePicture(
    root,
    'slope',
    { title: '', pixels: Uint8Array.of(0, 85, 170, 255), shape: [2, 2, 1] },
    2,
  )
  const png = decode(await readFile(path))
  expect({ width: png.width, height: png.height, channels: png.channels }).toEqual({ width: 4, height: 4, channels: 1 })
  expect(Array.from(png.data)).toEqual([0, 0, 85, 85, 0, 0, 85, 85, 170, 170, 255, 255, 170, 170, 255, 255])
})
