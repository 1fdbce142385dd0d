import { expect, test, vi } from 'vitest'
import type { Engine, Issue, Session } from './engine.ts'
import { GichoError } from './errors.ts'
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

/** An engine whose session says its name, or that can't be opened. */
function engineOf(name: string, issues: Issue[], failure?: unknown): Engine {
  const session: Partial<Session> = { device: { backend: name, name, threads: 1 } }
  return {
    name,
    supports: () => issues,
    open: () => (failure === undefined ? Promise.resolve(session as Session) : Promise.reject(failure)),
  }
}

const issue = { where: 'lstm', message: 'LSTM is not compiled' }
const data = { train: {} as never }

test('a job goes to the first engine when that can run it', async () => {
  const told = vi.fn()
  const engine = fallbackEngine([engineOf('fast', []), engineOf('slow', [])], told, told)
  expect((await engine.open(job, data)).device.name).toBe('fast')
  expect(engine.name).toBe('fast')
  expect(told).not.toHaveBeenCalled()
})

test('a job goes to the next engine otherwise, and the caller hears why', async () => {
  const told = vi.fn()
  const engine = fallbackEngine([engineOf('fast', [issue]), engineOf('slow', [])], told)
  expect(engine.supports(job)).toEqual([])
  expect(engine.name).toBe('fast')
  expect((await engine.open(job, data)).device.name).toBe('slow')
  expect(engine.name).toBe('slow')
  expect(told).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ name: 'fast' }),
    [issue],
    expect.objectContaining({ name: 'slow' }),
  )
})

test('a job that none can run is refused with the last engine’s reasons', async () => {
  expect(fallbackEngine([engineOf('fast', []), engineOf('slow', [issue])]).supports(job)).toEqual([])
  const none = fallbackEngine([engineOf('fast', [issue]), engineOf('slow', [issue], new Error('opened slow'))])
  expect(none.supports(job)).toEqual([issue])
  await expect(none.open(job, data)).rejects.toThrow('opened slow')
})

test.each([
  new GichoError('unavailable', 'the device refused'),
  new GichoError('engine-failed', 'a shader did not compile'),
  new GichoError('out-of-memory', 'no memory for the images'),
  new TypeError('what a driver throws'),
])(
  'an engine that cannot be opened (%s) is passed over for the next that can run the job, with one word',
  async (error) => {
    const told = vi.fn()
    const [gpu, cuda, lame, cpu, last] = [
      engineOf('gpu', [], error),
      engineOf('cuda', [], error),
      engineOf('lame', [issue]),
      engineOf('cpu', []),
      engineOf('last', [], new Error('opened last')),
    ]
    const engine = fallbackEngine([gpu, cuda, lame, cpu, last], undefined, told)
    expect((await engine.open(job, data)).device.name).toBe('cpu')
    expect(engine.name).toBe('cpu')
    const failed = [
      { engine: gpu, error },
      { engine: cuda, error },
    ]
    expect(told).toHaveBeenCalledExactlyOnceWith(failed, cpu)
    const again = vi.spyOn(gpu, 'open')
    expect((await engine.open(job, data)).device.name).toBe('cpu')
    expect(again).not.toHaveBeenCalled()
    expect(told).toHaveBeenCalledOnce()
  },
)

test('what is wrong with the job or its data is not tried elsewhere', async () => {
  for (const code of ['bad-argument', 'bad-shape', 'bad-data'] as const) {
    const wrong = new GichoError(code, 'labels outside the classes')
    const engine = fallbackEngine([engineOf('gpu', [], wrong), engineOf('cpu', [])])
    await expect(engine.open(job, data)).rejects.toBe(wrong)
  }
})

test('when none of those that can run the job can be opened, the last of them says why', async () => {
  const [first, second] = [new GichoError('unavailable', 'no GPU'), new GichoError('out-of-memory', 'no memory')]
  const engines = [engineOf('gpu', [], first), engineOf('cpu', [], second), engineOf('last', [issue])]
  const told = vi.fn()
  await expect(fallbackEngine(engines, undefined, told).open(job, data)).rejects.toBe(second)
  expect(told).not.toHaveBeenCalled()
})

test('no engine at all is an error', () => {
  expect(() => fallbackEngine([])).toThrow('fallbackEngine: expected at least one engine, got none.')
})
