import { type Engine, GichoError, rmsprop, type Session, type TrainingJob } from '@gicho/core'
import { expect, test, vi } from 'vitest'
import { firstLastingEngine, lastingEngine } from './lasting-engine.ts'

const job: TrainingJob = {
  model: { topology: {}, weights: [] },
  loss: 'categoricalCrossentropy',
  optimizer: rmsprop(),
  batchSize: 32,
  seed: 0,
  input: { shape: [1], scale: 1, offset: 0 },
}
const nothing = { images: new Uint8Array(0), labels: new Uint8Array(0), length: 0, classNames: [], source: 'none' }
const data = { train: { ...nothing, shape: [1, 1, 1] as const, split: 'train' as const } }
const request = { order: Uint32Array.of(0), firstStep: 0, learningRate: 1 }
const lost = new GichoError('engine-failed', 'the device was lost')
const absent = new GichoError('unavailable', 'no device')

/** An engine whose devices open, or don't, and train, or are lost, in turn; the last way goes on for ever. */
function engine(name: string, ...ways: ('trains' | 'is lost' | 'is absent')[]): Engine {
  const next = (): string => (ways.length > 1 ? ways.shift() : ways[0]) ?? 'trains'
  return {
    name,
    supports: () => [],
    open: async () => {
      const way = next()
      if (way === 'is absent') throw absent
      const session: Session = {
        device: { backend: name, name, threads: 1 },
        train: async () => {
          if (way === 'is lost') throw lost
          return { steps: 1, samples: 1, loss: 0, correct: 0 }
        },
        evaluate: async () => ({ samples: 0, loss: 0, correct: 0 }),
        predict: async () => new Float32Array(),
        readWeights: async () => [],
        writeWeights: async () => undefined,
        readOptimizer: async () => [],
        writeOptimizer: async () => undefined,
        dispose: async () => undefined,
      }
      return session
    },
  }
}

test('a named engine goes on with a new device, or with the rescue where there is none, and each is told', async () => {
  const onLost = vi.fn()
  const cpu = engine('cpu', 'trains')
  const twice = engine('gpu', 'is lost', 'trains')
  const again = await lastingEngine(twice, [cpu], onLost).open(job, data)
  expect((await again.train(request)).steps).toBe(1)
  expect(again.device.name).toBe('gpu')
  expect(onLost).toHaveBeenLastCalledWith(lost, twice, true)
  const once = engine('gpu', 'is lost', 'is absent')
  const rescued = await lastingEngine(once, [cpu], onLost).open(job, data)
  expect((await rescued.train(request)).steps).toBe(1)
  expect(rescued.device.name).toBe('cpu')
  expect(onLost).toHaveBeenLastCalledWith(lost, cpu, false)
})

test('a named engine whose device never opens is refused: what was chosen is not there', async () => {
  const opening = lastingEngine(engine('gpu', 'is absent'), [engine('cpu', 'trains')], vi.fn()).open(job, data)
  await expect(opening).rejects.toBe(absent)
})

test('the automatic choice passes over a device that doesn’t open, and ends only where no engine is left', async () => {
  const onLost = vi.fn()
  const cpu = engine('cpu', 'trains')
  const session = await firstLastingEngine([engine('gpu', 'is absent'), cpu], onLost).open(job, data)
  expect(session.device.name).toBe('cpu')
  expect(onLost).toHaveBeenCalledExactlyOnceWith(absent, expect.objectContaining({ name: 'cpu' }), false)
  await expect(firstLastingEngine([engine('gpu', 'is absent')], onLost).open(job, data)).rejects.toBe(absent)
})

test('the automatic choice takes the first that knows the model, and says what can’t be run where none does', async () => {
  const unable: Engine = {
    ...engine('gpu', 'trains'),
    supports: () => [{ where: 'dense', message: 'unknown layer' }],
    open: async () => Promise.reject(new GichoError('unsupported', 'unknown layer')),
  }
  const both = await firstLastingEngine([unable, engine('cpu', 'trains')], vi.fn()).open(job, data)
  expect(both.device.name).toBe('cpu')
  await expect(firstLastingEngine([unable], vi.fn()).open(job, data)).rejects.toThrow('unknown layer')
})
