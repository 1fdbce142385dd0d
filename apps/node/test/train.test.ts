import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gicho, type Outcome, start } from './gicho.ts'

const quick = ['train', 'mnist', '--limit', '640', '--backend', 'wasm', '--json']
let folder = ''
let out = ''
let trained: Outcome

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-train-'))
  out = join(folder, 'runs')
  trained = await gicho([...quick, '--epochs', '2', '--out', out, '--lang', 'en', '--threads', '64'])
})
afterAll(() => rm(folder, { recursive: true }))

function eventsOf({ stdout }: Outcome): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('a run prints its events, one JSON object a line and nothing else on standard output', () => {
  expect(trained.stderr).not.toContain('gicho:')
  expect(trained.code).toBe(0)
  const events = eventsOf(trained)
  expect(events.map((event) => event.event)).toEqual(['start', 'epoch', 'epoch', 'done'])
  expect(Object.keys(events[0] ?? {})).toEqual([
    'event',
    'recipe',
    'engine',
    'device',
    'threads',
    'parameters',
    'train',
    'valid',
    'seed',
  ])
  expect(events[0]).toMatchObject({
    recipe: 'mnist',
    engine: 'tfjs',
    parameters: 669_706,
    train: 640,
    valid: 640,
    seed: 3,
  })
  expect(Object.keys(events[1] ?? {})).toEqual([
    'event',
    'epoch',
    'loss',
    'accuracy',
    'val_loss',
    'val_accuracy',
    'seconds',
    'msPerStep',
  ])
  expect(events[3]).toMatchObject({ model: join(out, 'mnist/1/model'), history: join(out, 'mnist/1/history.csv') })
})

test('the lesson itself goes to standard error, without colour codes', () => {
  for (const text of [
    '1/9 Four arrays',
    '9/9',
    'x_train.shape',
    '669,706',
    'limited run: 640 of 60,000',
    'Saved in',
    '--threads 64',
  ]) {
    expect(trained.stderr).toContain(text)
  }
  expect(trained.stderr).not.toContain('\u001b')
  expect(trained.stderr).not.toContain('TensorFlow.js in Node')
})

test("the run's folder holds card, history, model and pictures", async () => {
  const run = join(out, 'mnist', '1')
  expect((await readdir(run)).sort()).toEqual([
    'checkpoints',
    'confusion.svg',
    'curves.svg',
    'first-image.png',
    'history.csv',
    'mistakes.svg',
    'model',
    'run.json',
  ])
  const card = JSON.parse(await readFile(join(run, 'run.json'), 'utf8'))
  expect(card).toMatchObject({
    format: 'gicho-run',
    formatVersion: 1,
    recipe: 'mnist',
    dataset: { name: 'mnist', train: 640, valid: 640 },
    seed: 3,
    epochs: 2,
    batchSize: 32,
    optimizer: { name: 'rmsprop', learningRate: 0.001, rho: 0.9 },
    engine: 'tfjs',
    parameters: 669_706,
    status: 'done',
    model: 'model',
  })
  expect(card.history).toHaveLength(2)
  expect(card.versions).toMatchObject({ node: process.version, '@tensorflow/tfjs-core': '4.22.0' })
  expect((await readFile(join(run, 'history.csv'), 'utf8')).split('\n')).toHaveLength(4)
  expect(await readdir(join(run, 'model'))).toContain('model.json')
  const right = Math.round(card.history[1].val_accuracy * 640) // the confusion matrix counts what the last epoch measured
  expect(await readFile(join(run, 'confusion.svg'), 'utf8')).toContain(`right (${right} of 640)`)
})

test('show prints the card, the epochs beside the course, and the files of the newest run', async () => {
  for (const which of ['mnist', join(out, 'mnist/1'), join(out, 'mnist/1/run.json')]) {
    const { code, stdout } = await gicho(['show', which, '--out', out, '--lang', 'en'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/status +done/)
    expect(stdout).toMatch(/val_accuracy +best \d\.\d{4} in epoch \d, last \d\.\d{4}/)
    expect(stdout).toContain('(course)')
    expect(stdout).toMatch(/confusion\.svg +what was taken for what/)
  }
  const { stdout } = await gicho(['show', 'mnist', '--out', out, '--json'])
  expect(eventsOf({ code: 0, stdout, stderr: '' })).toMatchObject([{ event: 'run', recipe: 'mnist', status: 'done' }])
})

test('evaluate of the run gives the val_accuracy of its last epoch', async () => {
  const last = eventsOf(trained)[2]
  const { code, stdout } = await gicho(['evaluate', join(out, 'mnist/1'), '--backend', 'wasm', '--json'])
  expect(code).toBe(0)
  const [event] = eventsOf({ code, stdout, stderr: '' })
  expect(event).toMatchObject({ event: 'done', valid: 640 })
  // The same weights on the same backend: the same numbers.
  expect(event?.val_accuracy).toBeCloseTo(Number(last?.val_accuracy), 6)
  expect(event?.val_loss).toBeCloseTo(Number(last?.val_loss), 5)
})

test('evaluate prints for people too, and takes the folder of a model', async () => {
  const { code, stdout } = await gicho(['evaluate', join(out, 'mnist/1/model'), '--limit', '100', '--lang', 'ko'])
  expect(code).toBe(0)
  expect(stdout).toContain('검증 그림 100장')
  expect(stdout).toMatch(/val_accuracy +0\.\d{6}/)
})

test('Ctrl-C stops between steps, keeps the run, and ends with 130', async () => {
  const running = start([...quick, '--epochs', '500', '--out', join(folder, 'stopped')])
  await running.until('"event":"epoch"')
  running.child.kill('SIGINT')
  const { code, stdout, stderr } = await running.ended
  expect(code).toBe(130)
  expect(stderr).toContain('Stopping after this step')
  expect(stderr).toMatch(
    /gicho: Stopped with \d+ of 500 epochs finished; model and history are saved in .*stopped\/mnist\/1\./,
  )
  expect(eventsOf({ code, stdout, stderr }).at(-1)).toMatchObject({ event: 'error', code: 'aborted' })
  const run = join(folder, 'stopped/mnist/1')
  const card = JSON.parse(await readFile(join(run, 'run.json'), 'utf8'))
  expect(card.status).toBe('interrupted')
  expect(card.history.length).toBeGreaterThanOrEqual(1)
  const evaluated = await gicho(['evaluate', run, '--backend', 'wasm', '--json'])
  expect(evaluated.code).toBe(0)
})

test('a second Ctrl-C ends at once, and what was written is whole', async () => {
  const running = start([...quick, '--epochs', '500', '--out', join(folder, 'killed')])
  await running.until('"event":"epoch"')
  running.child.kill('SIGTERM')
  running.child.kill('SIGINT')
  expect((await running.ended).code).toBe(130)
  const card = JSON.parse(await readFile(join(folder, 'killed/mnist/1/run.json'), 'utf8'))
  expect(card.status).toBe('interrupted')
})

test('a cache that cannot be written to does not stop a run', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  const { code } = await gicho(
    [...quick, '--steps-per-epoch', '2', '--epochs', '1', '--out', join(folder, 'no-cache')],
    {
      GICHO_CACHE_DIR: join(file, 'cache'),
    },
  )
  expect(code).toBe(0)
})

test('one seed gives one history, another seed another', async () => {
  const histories = await Promise.all(
    ['7', '7', '8'].map(async (seed) => {
      const run = await gicho([
        ...quick,
        '--seed',
        seed,
        '--epochs',
        '1',
        '--steps-per-epoch',
        '5',
        '--out',
        join(folder, 'seeds'),
      ])
      return eventsOf(run).map(({ loss, val_loss }) => ({ loss, val_loss }))[1]
    }),
  )
  expect(histories[0]).toEqual(histories[1])
  expect(histories[0]).not.toEqual(histories[2])
})

test('--explain prints the plan of a step and trains nothing', async () => {
  const where = join(folder, 'explained')
  const { code, stdout, stderr } = await gicho(['train', 'mnist', '--explain', '--out', where])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^train, batches of 32\n/)
  expect(stdout).toContain(': dense + relu\n')
  expect(stdout).toMatch(/MFLOP a step in products/)
  await expect(readdir(where)).rejects.toThrow('ENOENT')
  const asJson = await gicho(['train', 'mnist', '--explain', '--json'])
  expect(eventsOf(asJson)).toEqual([{ event: 'plan', plan: stdout.trimEnd() }])
  const eager = await gicho(['train', 'mnist', '--explain', '--engine', 'tfjs'])
  expect(eager.code).toBe(2)
  expect(eager.stderr).toContain('--explain: only the compiled engine has a plan.')
})
