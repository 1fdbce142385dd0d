import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gicho, type Outcome } from './gicho.ts'

// On MNIST, which every clone has; a few steps are enough to walk every lesson from its first word to its last file.
const quick = ['--dataset', 'mnist', '--limit', '320', '--epochs', '1', '--threads', '1', '--lang', 'en']
let folder = ''
let out = ''
let augmented: Outcome

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-asl-'))
  out = join(folder, 'runs')
  augmented = await gicho(['train', 'asl-augmented', ...quick, '--out', out])
})
afterAll(() => rm(folder, { recursive: true }))

test.each(['asl', 'asl-cnn'])(
  '%s walks to its end on the digits, and says that they are no letters',
  async (recipe) => {
    const { code, stdout, stderr } = await gicho(['train', recipe, ...quick, '--out', out])
    expect(stderr).not.toContain('gicho:')
    expect(code).toBe(0)
    expect(stdout).toContain(`Saved in ${join(out, recipe, '1')}`)
    expect(await readdir(join(out, recipe, '1'))).toEqual(
      expect.arrayContaining(['curves.svg', 'checkpoints', 'model']),
    )
  },
)

test('asl-augmented draws one augmented batch and saves its model as asl_model', async () => {
  expect(augmented.code).toBe(0)
  const run = join(out, 'asl-augmented', '1')
  expect(await readdir(run)).toEqual(expect.arrayContaining(['asl_model', 'batch.svg', 'checkpoints']))
  expect(await readdir(run)).not.toContain('model')
  expect(JSON.parse(await readFile(join(run, 'run.json'), 'utf8'))).toMatchObject({
    model: 'asl_model',
    status: 'done',
  })
  const { code, stdout } = await gicho(['evaluate', run, '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ model: join(run, 'asl_model'), valid: 320 })
})

test('asl-deploy opens that model, reads a validation picture, and leaves no run behind', async () => {
  const { code, stdout, stderr } = await gicho([
    'train',
    'asl-deploy',
    '--dataset',
    'mnist',
    '--out',
    out,
    '--lang',
    'en',
  ])
  expect(stderr).not.toContain('gicho:')
  expect(code).toBe(0)
  expect(stdout).toContain(join(out, 'asl-augmented', '1', 'asl_model'))
  expect(stdout).toMatch(/predictImage\(photo\).label +\d/)
  expect(stdout).not.toContain('Saved in')
  expect(await readdir(join(out, 'asl-deploy'))).toEqual([])
})

test('without a saved model, or with an image that is none, asl-deploy says what to do', async () => {
  const said = async (...args: string[]): Promise<string> => (await gicho(['train', 'asl-deploy', ...args])).stderr
  expect(await said('--out', join(folder, 'none'))).toMatch(
    /Train lesson 4 first \(node \S+gicho\.js train asl-augmented\)/,
  )
  const missing = ['--dataset', 'mnist', '--out', out, '--image', join(folder, 'no.png')]
  expect(await said(...missing)).toContain("no.png: expected an image file, but it can't be read")
})

test('without the data, a sign-language lesson names three ways to get it and offers the digits', async () => {
  const nowhere = {
    GICHO_ASL_DIR: '',
    GICHO_CACHE_DIR: join(folder, 'cache'),
    KAGGLE_API_ENDPOINT: 'http://127.0.0.1:9',
  }
  const { code, stderr } = await gicho(['train', 'asl', '--out', out], nowhere)
  expect(code).toBe(1)
  expect(stderr).toContain('Three ways to get the data')
  expect(stderr).toContain('gicho.js train asl --dataset mnist')
})
