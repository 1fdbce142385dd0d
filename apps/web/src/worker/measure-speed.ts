import { type Engine, type ImageDataset, rmsprop, unitRange } from '@gicho/core'
import { readModel } from '@gicho/engine/tfjs'
import { aslCnn, aslMlp, mnistMlp } from '@gicho/models'

/** How fast an engine trains a lesson's network here. */
export interface Speed {
  readonly imagesPerSecond: number
  readonly msPerStep: number
  readonly engine: string
  readonly device: string
  readonly threads: number
}

const BATCH = 32
const WARM_UP_STEPS = 8
const SECONDS = 2

/** The network of each lesson. */
const networks = {
  mnist: (classes: number) => ({ model: mnistMlp({ classes }), input: unitRange([784]) }),
  asl: (classes: number) => ({ model: aslMlp({ classes }), input: unitRange([784]) }),
  'asl-cnn': (classes: number) => ({ model: aslCnn({ classes }), input: unitRange([28, 28, 1]) }),
  'asl-augmented': (classes: number) => ({ model: aslCnn({ classes }), input: unitRange([28, 28, 1]) }),
}

/** Trains a lesson's network for two seconds, after some steps that don't count. Nothing of it is kept. */
export async function measureSpeed(recipe: string, train: ImageDataset, engine: Engine): Promise<Speed> {
  const make = Object.entries(networks).find(([id]) => id === recipe)?.[1] ?? networks.mnist
  const { model, input } = make(train.classNames.length)
  const job = {
    model: await readModel(model),
    loss: 'categoricalCrossentropy',
    optimizer: rmsprop(),
    batchSize: BATCH,
    seed: 0,
    input,
  } as const
  model.dispose()
  const session = await engine.open(job, { train })
  try {
    const rows = Uint32Array.from({ length: Math.min(train.length, 60_000) }, (_, i) => i)
    const learningRate = 1e-3
    await session.train({ order: rows.subarray(0, WARM_UP_STEPS * BATCH), firstStep: 0, learningRate })
    const began = performance.now()
    let [steps, samples] = [0, 0]
    const signal = AbortSignal.timeout(SECONDS * 1000)
    while (!signal.aborted) {
      const sums = await session.train({ order: rows, firstStep: WARM_UP_STEPS + steps, learningRate, signal })
      steps += sums.steps
      samples += sums.samples
    }
    const ms = performance.now() - began
    const { name: device, threads } = session.device
    return {
      imagesPerSecond: (1000 * samples) / ms,
      msPerStep: ms / Math.max(1, steps),
      engine: engine.name,
      device,
      threads,
    }
  } finally {
    await session.dispose()
  }
}
