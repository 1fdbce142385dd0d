import { expect, test, vi } from 'vitest'
import type { Engine, Session } from './engine.ts'
import { GichoError } from './errors.ts'
import { type NamedArray, rmsprop, type TrainingJob } from './job.ts'
import { revivingEngine } from './reviving-engine.ts'

const job: TrainingJob = {
  model: { topology: {}, weights: [] },
  loss: 'categoricalCrossentropy',
  optimizer: rmsprop(),
  batchSize: 32,
  seed: 0,
  input: { shape: [1], scale: 1, offset: 0 },
}
const data = { train: {} as never }
const request = { order: Uint32Array.of(0), firstStep: 0, learningRate: 1 }
const lost = new GichoError('engine-failed', 'the device was lost')

/** A session whose only weight counts its steps, on a device that is lost in some of its calls of `train`. */
function counting(name: string, fails: () => boolean): Engine & { readonly opened: () => number } {
  let opened = 0
  return {
    name,
    opened: () => opened,
    supports: () => [],
    open: async () => {
      opened++
      const state = { weight: 0, slot: 0 }
      const array = (value: number): NamedArray[] => [{ name: 'w', shape: [], values: Float32Array.of(value) }]
      const session: Partial<Session> = {
        device: { backend: name, name, threads: 1 },
        train: async () => {
          state.weight++
          state.slot += 10
          if (fails()) throw lost
          return { steps: 1, samples: 1, loss: state.weight, correct: 0 }
        },
        readWeights: async () => array(state.weight),
        readOptimizer: async () => array(state.slot),
        writeWeights: async ([w]) => {
          state.weight = w?.values[0] ?? 0
        },
        writeOptimizer: async ([w]) => {
          state.slot = w?.values[0] ?? 0
        },
        dispose: async () => undefined,
      }
      return session as Session
    },
  }
}

test('a call whose device is lost is made again where the last one ended, and nothing else changes', async () => {
  let calls = 0
  const told = vi.fn()
  const engine = counting('gpu', () => ++calls === 2)
  const session = await revivingEngine([engine], told).open(job, data)
  expect(await session.train(request)).toMatchObject({ loss: 1 })
  expect(await session.train(request)).toMatchObject({ loss: 2 })
  expect((await session.readOptimizer())[0]?.values).toEqual(Float32Array.of(20))
  expect(engine.opened()).toBe(2)
  expect(told).toHaveBeenCalledExactlyOnceWith(lost, engine)
})

test('where the first engine can’t be opened again, the next one goes on', async () => {
  const gpu = counting('gpu', () => true)
  const once: Engine = { ...gpu, open: (...args) => (gpu.opened() > 0 ? Promise.reject(lost) : gpu.open(...args)) }
  const session = await revivingEngine([once, counting('cpu', () => false)]).open(job, data)
  expect(session.device.name).toBe('gpu')
  expect(await session.train(request)).toMatchObject({ loss: 1 })
  expect(session.device.name).toBe('cpu')
})

test('a device that is lost again and again is given up, and other errors pass', async () => {
  const gpu = counting('gpu', () => true)
  const session = await revivingEngine([gpu]).open(job, data)
  await expect(session.train(request)).rejects.toBe(lost)
  expect(gpu.opened()).toBe(4)
  const wrong = new GichoError('bad-argument', 'order: wrong')
  const other = await revivingEngine([
    counting('gpu', () => {
      throw wrong
    }),
  ]).open(job, data)
  await expect(other.train(request)).rejects.toBe(wrong)
})

test('a device that is lost again and again is given up for the next engine', async () => {
  const [gpu, cpu] = [counting('gpu', () => true), counting('cpu', () => false)]
  const told = vi.fn()
  const session = await revivingEngine([gpu, cpu], told).open(job, data)
  expect(await session.train(request)).toMatchObject({ loss: 1 })
  expect([gpu.opened(), cpu.opened()]).toEqual([4, 1])
  expect(told.mock.calls.map(([, engine]) => engine)).toEqual([gpu, gpu, gpu, cpu])
})

test('a device without memory for a call is given up at once', async () => {
  const full = new GichoError('out-of-memory', 'no memory for the validation')
  const gpu = counting('gpu', () => {
    throw full
  })
  const session = await revivingEngine([gpu, counting('cpu', () => false)]).open(job, data)
  expect(await session.train(request)).toMatchObject({ loss: 1 })
  expect(session.device.name).toBe('cpu')
  await expect((await revivingEngine([gpu]).open(job, data)).train(request)).rejects.toBe(full)
})

test('a new device that is lost while it is given the state is one more that was lost', async () => {
  let calls = 0
  const gpu = counting('gpu', () => ++calls === 2)
  const engine: Engine = {
    ...gpu,
    async open(...args) {
      const session = await gpu.open(...args)
      return gpu.opened() === 2 ? { ...session, writeOptimizer: () => Promise.reject(lost) } : session
    },
  }
  const session = await revivingEngine([engine]).open(job, data)
  await session.train(request)
  expect(await session.train(request)).toMatchObject({ loss: 2 })
  expect(gpu.opened()).toBe(3)
})

test('what fails while the first engine is opened passes, and leaves no session behind', async () => {
  const disposed = vi.fn(async () => undefined)
  const gpu = counting('gpu', () => false)
  const engine: Engine = {
    ...gpu,
    open: async (...args) => ({
      ...(await gpu.open(...args)),
      readWeights: () => Promise.reject(lost),
      dispose: disposed,
    }),
  }
  await expect(revivingEngine([engine, counting('cpu', () => false)]).open(job, data)).rejects.toBe(lost)
  expect(disposed).toHaveBeenCalledOnce()
})

test('no engine at all is an error', () => {
  expect(() => revivingEngine([])).toThrow('revivingEngine: expected at least one engine, got none.')
})
