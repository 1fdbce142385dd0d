import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { GichoError, type RecipeContext, type StepOutput } from '@gicho/core'
import { type Lesson, mnist } from '@gicho/recipes'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeScreen } from '../test/fake-screen.ts'
import { runLesson } from './lesson-run.ts'
import type { TrainOptions } from './train-options.ts'

let out = ''
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'gicho-lesson-'))
})
afterEach(() => rm(out, { recursive: true }))

const start = { engine: 'tfjs', device: 'CPU', threads: 1, parameters: 10, train: 64, valid: 20, stepsPerEpoch: 2 }
const epoch = { epoch: 1, loss: 1, accuracy: 0.5, val_loss: 1, val_accuracy: 0.5, seconds: 1, msPerStep: 500 }

/** Runs a lesson of one step; gives what it threw, the folders it left, and its output. */
async function runStep(step: (context: RecipeContext) => Promise<readonly StepOutput[]>): Promise<{
  thrown: unknown
  runs: string[]
  stderr: FakeScreen
  events: unknown[]
}> {
  const text = { en: 'Step', ko: '단계' }
  const run = (lesson: Lesson): Promise<readonly StepOutput[]> => step(lesson.context)
  const options: TrainOptions = {
    recipe: { ...mnist, steps: [{ id: 'only', title: text, prose: text, run }] },
    epochs: 5,
    stepsPerEpoch: undefined,
    batchSize: undefined,
    optimizer: undefined,
    engine: 'auto',
    backend: 'cpu',
    dataset: 'mnist',
    data: undefined,
    seed: 0,
    limit: undefined,
    out,
    threads: undefined,
    json: true,
    language: 'en',
    trust: false,
    checkpointSeconds: undefined,
    model: undefined,
    image: undefined,
    imageOrientation: 'from-image',
  }
  const stderr = new FakeScreen()
  const events: unknown[] = []
  const io = {
    stdout: new FakeScreen(),
    stderr,
    env: {},
    event: (event: unknown) => void events.push(event),
    drained: async () => undefined,
  }
  const thrown: unknown = await runLesson(options, io).catch((error: unknown) => error)
  return { thrown, runs: await readdir(join(out, 'mnist')), stderr, events }
}

test('an interrupt before training saves nothing, says so, and gives the signals back', async () => {
  const listeners = process.listenerCount('SIGINT')
  const { thrown, runs, stderr } = await runStep(async () => {
    process.emit('SIGINT')
    return []
  })
  expect(thrown).toMatchObject({ code: 'aborted', message: 'Stopped before training began; nothing was saved.' })
  expect(runs).toEqual([])
  expect(stderr.text).toContain('Ctrl-C again ends at once')
  expect(process.listenerCount('SIGINT')).toBe(listeners)
})

test('an interrupt before the model can be saved keeps the record', async () => {
  const { thrown } = await runStep(async (context) => {
    context.onStart?.(start)
    process.emit('SIGTERM')
    return []
  })
  const folder = join(out, 'mnist', '1')
  expect(thrown).toMatchObject({
    message: expect.stringContaining(
      `Stopped with 0 of 5 epochs finished; its record is saved in ${folder}. Go on with:`,
    ),
  })
  expect(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')).status).toBe('interrupted')
})

test('a loss that stops being a number ends the run as failed, with the history so far', async () => {
  const { thrown, events } = await runStep(async (context) => {
    context.onStart?.(start)
    await context.onEpoch?.(epoch)
    throw new GichoError('not-finite', 'fit: the loss became NaN.')
  })
  expect(thrown).toMatchObject({ code: 'not-finite' })
  const card = JSON.parse(await readFile(join(out, 'mnist', '1', 'run.json'), 'utf8'))
  expect(card).toMatchObject({ status: 'failed', history: [epoch] })
  expect(events).toMatchObject([{ event: 'start' }, { event: 'epoch', epoch: 1 }])
})

test('a run whose files find no room says how it goes on when there is some', async () => {
  const { thrown } = await runStep(async (context) => {
    context.onStart?.(start)
    throw new GichoError(
      'io',
      "x.safetensors: the checkpoint can't be written: the disk is full. Earlier ones are kept: make room.",
    )
  })
  const folder = join(out, 'mnist', '1')
  expect(thrown).toMatchObject({
    code: 'io',
    message: expect.stringContaining(`Earlier ones are kept: make room. Then go on with: gicho resume ${folder}`),
  })
})

const picture = { title: '', pixels: Uint8Array.of(9), shape: [1, 1, 1] } as const

test('one picture of a step is kept as a PNG, several are kept as one grid', async () => {
  await runStep(async (context) => {
    context.onStart?.(start)
    return [{ kind: 'pictures', title: 'one', columns: 1, pictures: [picture], colours: 'grey' }]
  })
  await runStep(async (context) => {
    context.onStart?.(start)
    return [{ kind: 'pictures', title: 'two', columns: 2, pictures: [picture, picture], colours: 'grey' }]
  })
  expect((await readdir(join(out, 'mnist', '1'))).sort()).toEqual(['history.csv', 'only.png', 'run.json'])
  expect((await readdir(join(out, 'mnist', '2'))).sort()).toEqual(['history.csv', 'only.svg', 'run.json'])
  expect((await readFile(join(out, 'mnist', '2', 'only.svg'), 'utf8')).match(/<image /g)).toHaveLength(2)
})

test('pictures that cannot be drawn are worth a sentence, and the run goes on', async () => {
  const { thrown, stderr } = await runStep(async (context) => {
    context.onStart?.(start)
    const broken = { ...picture, title: 'broken', pixels: Uint8Array.of(1, 2) }
    return [{ kind: 'pictures', title: 'two', columns: 2, pictures: [picture, broken], colours: 'grey' }]
  })
  expect(thrown).toBeUndefined()
  expect(stderr.text).toContain('A picture of this run couldn\'t be drawn: picture "broken": expected 1x1x1 bytes')
  expect(JSON.parse(await readFile(join(out, 'mnist', '1', 'run.json'), 'utf8')).status).toBe('done')
})

test('an interrupted run keeps the curves of what was done', async () => {
  await runStep(async (context) => {
    context.onStart?.(start)
    await context.onEpoch?.(epoch)
    process.emit('SIGINT')
    return []
  })
  const curves = await readFile(join(out, 'mnist', '1', 'curves.svg'), 'utf8')
  expect(curves).toContain('Reading handwritten digits (mnist/1)')
})
