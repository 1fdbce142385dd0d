import '@tensorflow/tfjs-backend-cpu'
import { adam, type EpochRecord, RandomState, type RunStart, type TrainingState, unitRange } from '@gicho/core'
import { encodeCheckpoint } from '@gicho/trainer'
import * as tfl from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { courseSettings } from '../../settings.ts'
import { type FileTree, memoryTree } from './file-tree.ts'
import { RunRecorder } from './run-recorder.ts'
import { folderOf, RunStore } from './run-store.ts'

const settings = {
  ...courseSettings({ epochs: 3, batchSize: 32 }),
  optimizer: 'adam',
  learningRate: 0.01,
  seed: 4,
} as const
const plan = { settings, dataset: 'mnist', versions: {}, language: 'en' }
const start: RunStart = {
  engine: 'wasm',
  device: 'CPU',
  threads: 1,
  parameters: 8,
  train: 100,
  valid: 10,
  stepsPerEpoch: 4,
}
const record = { epoch: 1, loss: 1, accuracy: 0.5, val_loss: 1, val_accuracy: 0.5, seconds: 1, msPerStep: 1 }

function state(epoch: number, steps: number): TrainingState {
  const values = Float32Array.of(epoch, steps)
  return {
    weights: [{ name: 'w', shape: [2], values }],
    optimizer: [],
    random: new RandomState(1).snapshot(),
    rowsOfPass: steps,
    epoch,
    progress: { steps, samples: steps, loss: 0, correct: 0 },
    seconds: 0,
    learningRate: 0.01,
    history: epoch > 0 ? [record] : [],
  }
}

async function recorder(files: FileTree, troubles: unknown[] = []): Promise<{ store: RunStore; run: RunRecorder }> {
  const store = new RunStore(files)
  const run = new RunRecorder(store, await store.newPlace('mnist'), plan, (error) => troubles.push(error))
  await run.start(start, 'here')
  return { store, run }
}

test('whatever ends a tab, its run can be found, with its settings, and goes on from the newest state', async () => {
  const { store, run } = await recorder(memoryTree())
  await run.checkpoint(state(0, 2))
  await run.epoch(record)
  await run.checkpoint(state(1, 0))
  await run.checkpoint(state(1, 3))
  await run.checkpoint(state(1, 3)) // it stands still
  const [found] = await store.list()
  expect(found).toMatchObject({ number: 1, resumable: true, epochs: [1], card: { status: 'interrupted', seed: 4 } })
  expect(await store.settings(run.place)).toEqual(settings)
  expect(found?.card.optimizer).toEqual(adam({ learningRate: 0.01 }))
  expect(await store.checkpoint(run.place)).toMatchObject({ epoch: 1, progress: { steps: 3 } })
  expect((await store.checkpoint(run.place, 1)).progress.steps).toBe(0)
  expect(await store.files.list(`${folderOf(run.place)}/checkpoints`)).toHaveLength(2)
  expect((await store.newPlace('mnist')).number).toBe(2)
})

test('of a long run the weights of the first, the best, the last and a handful of epochs between are kept', async () => {
  const { store, run } = await recorder(memoryTree())
  const history: EpochRecord[] = []
  for (let epoch = 1; epoch <= 60; epoch++) {
    history.push({ ...record, epoch, val_accuracy: epoch === 13 ? 0.9 : 0.5 + epoch / 1000 })
    await run.checkpoint({ ...state(epoch, 0), history: [...history] })
  }
  const [found] = await store.list()
  expect(found?.epochs).toEqual([1, 8, 13, 16, 24, 32, 40, 48, 56, 60])
  expect((await store.checkpoint(run.place, 13)).epoch).toBe(13)
  expect((await store.checkpoint(run.place)).epoch).toBe(60)
})

test('a damaged newest state, and another lesson’s, are passed over for the one before, and told of', async () => {
  const { store, run } = await recorder(memoryTree())
  await run.epoch(record)
  await run.checkpoint(state(1, 0))
  await run.checkpoint(state(1, 3))
  const folder = `${folderOf(run.place)}/checkpoints`
  const newest = `${folder}/epoch-001-step-00003.safetensors`
  const bytes = (await store.files.read(newest)) ?? new Uint8Array()
  await store.files.write(newest, bytes.slice(0, -1))
  const foreign = encodeCheckpoint({ ...state(2, 0), recipe: 'asl' })
  await store.files.write(`${folder}/epoch-002-step-00000.safetensors`, new Uint8Array(foreign))
  const told: string[] = []
  const found = await store.checkpoint(run.place, undefined, (error) => told.push(String(error)))
  expect(found).toMatchObject({ epoch: 1, progress: { steps: 0 } })
  expect(told).toEqual([expect.stringContaining('but it is one of asl'), expect.stringContaining('step-00003')])
  await expect(store.checkpoint(run.place, 2)).rejects.toMatchObject({ code: 'bad-data' })
})

test('a model that is saved under another name takes the place of the first', async () => {
  const { store, run } = await recorder(memoryTree())
  const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 2, inputShape: [3] })] })
  const saved = { model, classNames: ['a', 'b'], input: unitRange([3]) }
  await run.saveModel('model', saved)
  await run.finish('done')
  await run.saveModel('asl_model', saved)
  const kept = await store.find(run.place)
  expect(kept).toMatchObject({ resumable: false, card: { status: 'done', model: 'asl_model' } })
  expect([...(await store.modelFiles(kept)).keys()]).toEqual(['weights.bin', 'model.json'])
  expect(await store.files.list(`${folderOf(run.place)}/model`)).toEqual([])
  await store.remove(run.place)
  expect(await store.list()).toEqual([])
})

test('a full storage is told of once, and the training goes on', async () => {
  const troubles: unknown[] = []
  const full = async (): Promise<never> => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  const { run } = await recorder({ ...memoryTree(), write: full }, troubles)
  await run.epoch(record)
  await run.checkpoint(state(1, 0))
  await run.finish('done')
  expect(troubles).toHaveLength(1)
  expect(run.card).toMatchObject({ status: 'done', history: [record] })
})
