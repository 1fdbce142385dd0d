import type { Engine, StepProgress, TrainingData, TrainingJob, TrainRequest } from '@gicho/core'
import { expect, test } from 'vitest'
import { Gate } from './gate.ts'
import { gatedEngine } from './gated-engine.ts'

/** Takes a moment for each step, and notes what it was asked for. */
function fakeEngine(seen: TrainRequest[], batchSize: number): Engine {
  const refuse = async (): Promise<never> => {
    throw new Error('not asked for here')
  }
  return {
    name: 'fake',
    supports: () => [],
    open: async () => ({
      device: { backend: 'none', name: 'nothing', threads: 1 },
      async train(request) {
        seen.push(request)
        const { order, signal, progress } = request
        let sums: StepProgress = progress ?? { steps: 0, samples: 0, loss: 0, correct: 0 }
        for (let from = 0; from < order.length && !signal?.aborted; from += batchSize) {
          await new Promise((resolve) => setTimeout(resolve, 1))
          const samples = Math.min(batchSize, order.length - from)
          sums = { ...sums, steps: sums.steps + 1, samples: sums.samples + samples }
        }
        return sums
      },
      evaluate: refuse,
      predict: refuse,
      readWeights: refuse,
      writeWeights: refuse,
      readOptimizer: refuse,
      writeOptimizer: refuse,
      dispose: async () => undefined,
    }),
  }
}

const batchSize = 4
const job = { batchSize } as TrainingJob // all that is read of it
const data = {} as TrainingData

test('a training that is paused, stepped and let go sees every row once, in its order, under its own step numbers', async () => {
  const gate = new Gate()
  const seen: TrainRequest[] = []
  const session = await gatedEngine(fakeEngine(seen, batchSize), gate).open(job, data)
  const order = Uint32Array.from({ length: 30 }, (_, i) => 29 - i)
  const learningRate = Float32Array.from({ length: 8 }, (_, i) => i)
  const training = session.train({ order, firstStep: 100, learningRate })
  setTimeout(() => gate.close(), 2)
  await new Promise((resolve) => setTimeout(resolve, 30))
  const before = seen.length
  gate.step()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(seen.slice(before).map((request) => request.order.length)).toEqual([4])
  gate.open()
  expect(await training).toMatchObject({ steps: 8, samples: 30 })
  for (const request of seen) {
    const step = request.firstStep - 100
    expect(request.order[0]).toBe(29 - step * batchSize)
    expect(request.learningRate).toMatchObject({ 0: step, length: Math.ceil(request.order.length / batchSize) })
  }
})

test('a stop ends a paused training', async () => {
  const gate = new Gate()
  gate.close()
  const end = new AbortController()
  const session = await gatedEngine(fakeEngine([], batchSize), gate).open(job, data)
  const training = session.train({ order: new Uint32Array(8), firstStep: 0, learningRate: 1, signal: end.signal })
  end.abort()
  expect(await training).toMatchObject({ steps: 0 })
})
