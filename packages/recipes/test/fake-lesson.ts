/* For tests only: a handful of made-up digits and an engine that answers with planned numbers. */
import type { Engine, ImageDataset, MetricSums, RecipeContext, Split } from '@gicho/core'

/** `length` images in which pixel p of image i is (i + p) % 256, with the labels 5, 0, 4, 1, 9, 2, 1, 3, 1, 4 in turn. */
function fakeDigits(length: number, split: Split): ImageDataset {
  const first = [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
  return {
    images: Uint8Array.from({ length: length * 784 }, (_, at) => (Math.floor(at / 784) + (at % 784)) % 256),
    labels: Uint8Array.from({ length }, (_, i) => first[i % 10] ?? 0),
    length,
    shape: [28, 28, 1],
    classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    split,
    source: 'made up',
  }
}

/** An engine that trains nothing: every epoch has this training result, every validation that one. */
function fakeEngine(trained: MetricSums, validated: MetricSums): Engine {
  return {
    name: 'fake',
    supports: () => [],
    open: async (job) => ({
      device: { backend: 'none', name: 'nothing', threads: 1 },
      train: async ({ order }) => ({ ...trained, steps: Math.ceil(order.length / job.batchSize) }),
      evaluate: async () => validated,
      predict: async (images) => new Float32Array((images.length / 784) * 10),
      readWeights: async () => [...job.model.weights],
      writeWeights: async () => undefined,
      readOptimizer: async () => [],
      writeOptimizer: async () => undefined,
      dispose: async () => undefined,
    }),
  }
}

/** A context over made-up digits and {@link fakeEngine}: 64 to train on, 20 to validate on. */
export function fakeContext(changes: Partial<RecipeContext> = {}): RecipeContext {
  return {
    load: async () => ({ train: fakeDigits(64, 'train'), test: fakeDigits(20, 'test') }),
    engine: fakeEngine({ samples: 64, loss: 32, correct: 48 }, { samples: 20, loss: 5, correct: 19 }),
    seed: 1,
    epochs: 2,
    ...changes,
  }
}
