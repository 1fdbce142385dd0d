import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RandomState, type TrainingState } from '@gicho/core'
import { decodeCheckpoint } from '@gicho/trainer'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CheckpointWriter, newestCheckpoint } from './checkpoints.ts'

/** Stands in for a full disk, and for one without links. */
const full = vi.hoisted(() => ({ isFull: false, hasLinks: true }))
vi.mock(import('@gicho/core'), async (importOriginal) => {
  const original = await importOriginal()
  const replaceFile: typeof original.replaceFile = async (path, content) => {
    if (full.isFull) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
    await original.replaceFile(path, content)
  }
  return { ...original, replaceFile }
})
vi.mock(import('node:fs/promises'), async (importOriginal) => {
  const original = await importOriginal()
  const link: typeof original.link = async (...paths) => {
    if (!full.hasLinks) throw Object.assign(new Error('EPERM'), { code: 'EPERM' })
    await original.link(...paths)
  }
  return { ...original, link }
})

let run = ''
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'gicho-checkpoints-'))
})
afterEach(() => rm(run, { recursive: true }))

function state(epoch: number, steps: number, accuracies: readonly number[]): TrainingState {
  return {
    weights: [{ name: 'w', shape: [1], values: Float32Array.of(epoch * 1000 + steps) }],
    optimizer: [],
    random: new RandomState(0).snapshot(),
    rowsOfPass: 0,
    epoch,
    progress: { steps, samples: 32 * steps, loss: steps, correct: steps },
    seconds: 1,
    learningRate: 1e-3,
    history: accuracies.map((val_accuracy, i) => ({
      epoch: i + 1,
      loss: 1,
      accuracy: 0.5,
      val_loss: 1,
      val_accuracy,
      seconds: 1,
      msPerStep: 1,
    })),
  }
}

const refuse = (message: string): never => {
  throw new Error(message)
}

test('the newest three are kept, and the best epoch’s', async () => {
  const writer = new CheckpointWriter(run, 'asl')
  await writer.save(state(0, 400, []))
  await writer.save(state(1, 0, [0.7]))
  await writer.save(state(2, 0, [0.7, 0.9]))
  await writer.save(state(2, 17, [0.7, 0.9]))
  await writer.save(state(3, 0, [0.7, 0.9, 0.8]))
  const folder = join(run, 'checkpoints')
  expect((await readdir(folder)).sort()).toEqual([
    'best.safetensors',
    'epoch-002-step-00000.safetensors',
    'epoch-002-step-00017.safetensors',
    'epoch-003-step-00000.safetensors',
  ])
  expect(decodeCheckpoint(await readFile(join(folder, 'best.safetensors'))).epoch).toBe(2)
  expect(await newestCheckpoint(run, refuse)).toEqual({ ...state(3, 0, [0.7, 0.9, 0.8]), recipe: 'asl' })
})

test('a damaged checkpoint is passed over and told of', async () => {
  const writer = new CheckpointWriter(run, 'asl')
  await writer.save(state(1, 0, [0.7]))
  await writeFile(join(run, 'checkpoints', 'epoch-001-step-00500.safetensors'), 'half of one')
  await writeFile(join(run, 'checkpoints', 'notes.txt'), '')
  const warnings: string[] = []
  expect((await newestCheckpoint(run, (message) => warnings.push(message))).progress.steps).toBe(0)
  expect(warnings).toEqual([
    expect.stringContaining('epoch-001-step-00500.safetensors: expected a checkpoint of gicho'),
  ])
})

test('a run without checkpoints says so', async () => {
  await expect(newestCheckpoint(run, refuse)).rejects.toThrow(
    'found none. The run ended before its first: train again.',
  )
})

test('a place that can’t be written to is named', async () => {
  await writeFile(join(run, 'checkpoints'), 'a file')
  await expect(new CheckpointWriter(run, 'asl').save(state(1, 0, [1]))).rejects.toThrow(
    "epoch-001-step-00000.safetensors: the checkpoint can't be written: a part of the path is a file, not a folder. Earlier ones are kept: make room.",
  )
})

test('a checkpoint that finds no room on the disk leaves the earlier ones, however often it is tried', async () => {
  const writer = new CheckpointWriter(run, 'asl')
  for (const epoch of [1, 2, 3, 4]) await writer.save(state(epoch, 0, [0.7]))
  const before = await readdir(join(run, 'checkpoints'))
  full.isFull = true
  for (const epoch of [5, 6, 7, 8])
    await expect(writer.save(state(epoch, 0, [0.7]))).rejects.toThrow(
      "can't be written: the disk is full. Earlier ones",
    )
  full.isFull = false
  expect(await readdir(join(run, 'checkpoints'))).toEqual(before)
  expect((await newestCheckpoint(run, refuse)).epoch).toBe(4)
})

test('on a disk that gives a file one name alone, the best checkpoint is a copy', async () => {
  full.hasLinks = false
  await new CheckpointWriter(run, 'asl').save(state(1, 0, [0.7]))
  full.hasLinks = true
  expect(decodeCheckpoint(await readFile(join(run, 'checkpoints', 'best.safetensors'))).epoch).toBe(1)
})
