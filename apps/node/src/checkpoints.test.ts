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

/** What a run of `state`s says of itself. */
const card = { recipe: 'asl', parameters: 1, history: [] }

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
  expect(await newestCheckpoint(run, card, refuse)).toEqual({ ...state(3, 0, [0.7, 0.9, 0.8]), recipe: 'asl' })
})

/** Finds the newest checkpoint, and what was said of those passed over. */
async function search(of: Parameters<typeof newestCheckpoint>[1] = card) {
  const warnings: string[] = []
  const found = await newestCheckpoint(run, of, (message) => warnings.push(message))
  return { at: found && [found.epoch, found.progress.steps], warnings }
}

test('a damaged checkpoint is passed over for the next older one and told of, the best epoch’s last', async () => {
  const writer = new CheckpointWriter(run, 'asl')
  await writer.save(state(1, 0, [0.7]))
  await writer.save(state(1, 300, [0.7]))
  await writer.save(state(2, 0, [0.7, 0.6]))
  const folder = join(run, 'checkpoints')
  const damage = async (name: string, change: (bytes: Buffer) => Buffer): Promise<void> =>
    writeFile(join(folder, name), change(await readFile(join(folder, name))))
  await writeFile(join(folder, 'notes.txt'), '')
  await damage('epoch-002-step-00000.safetensors', (bytes) => bytes.fill(7, bytes.length - 9, bytes.length - 8))
  expect(await search()).toEqual({
    at: [1, 300],
    warnings: [
      expect.stringMatching(
        /epoch-002-step-00000\.safetensors: expected a checkpoint of gicho, but its bytes have the checksum .* Use an earlier one\.$/,
      ),
    ],
  })
  await damage('epoch-001-step-00300.safetensors', (bytes) => Buffer.concat([bytes, Buffer.from('junk')]))
  await rm(join(folder, 'epoch-001-step-00000.safetensors'))
  const last = await search()
  expect(last.at).toEqual([1, 0]) // best.safetensors
  expect(last.warnings).toHaveLength(2)
  await rm(join(folder, 'best.safetensors'))
  await expect(search()).rejects.toThrow(
    'expected a checkpoint to go on from, but none of its 2 can be used. Train again: gicho train asl',
  )
})

test('a checkpoint of another recipe, another model or another run is passed over and told of', async () => {
  await new CheckpointWriter(run, 'asl').save(state(1, 0, [0.7]))
  await new CheckpointWriter(run, 'mnist', state(1, 0, [])).save(state(2, 0, [0.7, 0.8]))
  const { at, warnings } = await search()
  expect(at).toEqual([1, 0])
  expect(warnings).toEqual([
    expect.stringContaining('expected a checkpoint of this run (asl), but it is one of mnist. Use an earlier one.'),
  ])
  const said = async (of: object) => {
    const warnings: string[] = []
    await newestCheckpoint(run, { ...card, ...of }, (message) => warnings.push(message)).catch(() => undefined)
    return warnings.join('\n')
  }
  expect(await said({ parameters: 10 })).toContain("its model has 1 parameters, and this run's has 10")
  const epoch = { epoch: 1, loss: 1, accuracy: 0.5, seconds: 1, msPerStep: 1 }
  expect(await said({ history: [{ ...epoch, loss: 0.5 }] })).toContain("its epoch 1 is another than this run's")
  expect(await said({ history: [epoch, epoch] })).not.toContain('its epoch')
})

test('what was passed over is set aside when the run goes on, and never pushes out what it saves', async () => {
  const folder = join(run, 'checkpoints')
  await new CheckpointWriter(run, 'asl').save(state(1, 0, [0.7]))
  for (const epoch of [7, 8, 9]) await writeFile(join(folder, `epoch-00${epoch}-step-00000.safetensors`), 'damaged')
  await writeFile(join(folder, 'epoch-001-step-00100.safetensors.0a1b2c3d.unfinished'), 'half of one')
  const writer = new CheckpointWriter(run, 'asl', state(1, 0, []))
  await writer.save(state(1, 200, [0.7]))
  await writer.save(state(2, 0, [0.7, 0.6]))
  expect((await readdir(folder)).sort()).toEqual([
    'best.safetensors',
    'epoch-001-step-00000.safetensors',
    'epoch-001-step-00200.safetensors',
    'epoch-002-step-00000.safetensors',
    'epoch-007-step-00000.safetensors.set-aside',
    'epoch-008-step-00000.safetensors.set-aside',
    'epoch-009-step-00000.safetensors.set-aside',
  ])
  expect(await search()).toEqual({ at: [2, 0], warnings: [] })
})

test('a run without checkpoints has none', async () => {
  expect(await search()).toEqual({ at: undefined, warnings: [] })
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
  expect((await newestCheckpoint(run, card, refuse))?.epoch).toBe(4)
})

test('on a disk that gives a file one name alone, the best checkpoint is a copy', async () => {
  full.hasLinks = false
  await new CheckpointWriter(run, 'asl').save(state(1, 0, [0.7]))
  full.hasLinks = true
  expect(decodeCheckpoint(await readFile(join(run, 'checkpoints', 'best.safetensors'))).epoch).toBe(1)
})
