import { expect, test, vi } from 'vitest'
import type { Engine, Issue } from './engine.ts'
import { fallbackEngine } from './fallback-engine.ts'
import { rmsprop, type TrainingJob } from './job.ts'

const job: TrainingJob = {
  model: { topology: {}, weights: [] },
  loss: 'categoricalCrossentropy',
  optimizer: rmsprop(),
  batchSize: 32,
  seed: 0,
  input: { shape: [1], scale: 1, offset: 0 },
}

function engineOf(name: string, issues: Issue[]): Engine {
  return { name, supports: () => issues, open: () => Promise.reject(new Error(`opened ${name}`)) }
}

const issue = { where: 'lstm', message: 'LSTM is not compiled' }
const data = { train: {} as never }

test('a job goes to the first engine when that can run it', async () => {
  const told = vi.fn()
  const engine = fallbackEngine([engineOf('fast', []), engineOf('slow', [])], told)
  await expect(engine.open(job, data)).rejects.toThrow('opened fast')
  expect(told).not.toHaveBeenCalled()
})

test('a job goes to the next engine otherwise, and the caller hears why', async () => {
  const told = vi.fn()
  const engine = fallbackEngine([engineOf('fast', [issue]), engineOf('slow', [])], told)
  expect(engine.supports(job)).toEqual([])
  await expect(engine.open(job, data)).rejects.toThrow('opened slow')
  expect(told).toHaveBeenCalledWith(
    expect.objectContaining({ name: 'fast' }),
    [issue],
    expect.objectContaining({ name: 'slow' }),
  )
})

test('a job that none can run is refused with the last engine’s reasons', () => {
  expect(fallbackEngine([engineOf('fast', []), engineOf('slow', [issue])]).supports(job)).toEqual([])
  expect(fallbackEngine([engineOf('fast', [issue]), engineOf('slow', [issue])]).supports(job)).toEqual([issue])
})

test('no engine at all is an error', () => {
  expect(() => fallbackEngine([])).toThrow('fallbackEngine: expected at least one engine, got none.')
})
