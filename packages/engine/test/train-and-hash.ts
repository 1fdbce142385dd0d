import type { Engine, NamedArray, TrainingData, TrainingJob } from '@gicho/core'

/** Runs in the page and in Node: some steps, then a fingerprint of all weights and the losses. */
export async function trainAndHash(
  engine: Engine,
  job: TrainingJob,
  data: TrainingData,
  steps: number,
): Promise<string> {
  const session = await engine.open(job, data)
  const order = Uint32Array.from({ length: 32 * steps }, (_, i) => (i * 5) % 64)
  const sums = await session.train({ order, firstStep: 0, learningRate: 1e-3 })
  const weights: NamedArray[] = await session.readWeights()
  const evaluated = await session.evaluate('train')
  await session.dispose()
  let hash = 0
  for (const { values } of weights) {
    for (const word of new Uint32Array(values.buffer, values.byteOffset, values.length))
      hash = (Math.imul(hash, 31) + word) | 0
  }
  return JSON.stringify({ hash, loss: sums.loss, evaluated: evaluated.loss, threads: session.device.threads })
}
