/* For tests only: a handful of made-up pictures and an engine that answers with planned numbers. */
import type { Engine, ImageDataset, MetricSums, Split } from '@gicho/core'
import type { LessonContext } from '../src/lesson.ts'

interface FakeData {
  readonly classNames: readonly string[]
  /** The first labels, repeated. */
  readonly labels: readonly number[]
}

const digits: FakeData = { classNames: [...'0123456789'], labels: [5, 0, 4, 1, 9, 2, 1, 3, 1, 4] }
const letters: FakeData = { classNames: [...'abcdefghiklmnopqrstuvwxy'], labels: [3, 6, 2, 2, 12, 23] }

/** `length` images in which pixel p of image i is (i + p) % 256. */
function fakeImages({ classNames, labels }: FakeData, length: number, split: Split): ImageDataset {
  return {
    images: Uint8Array.from({ length: length * 784 }, (_, at) => (Math.floor(at / 784) + (at % 784)) % 256),
    labels: Uint8Array.from({ length }, (_, i) => labels[i % labels.length] ?? 0),
    length,
    shape: [28, 28, 1],
    classNames,
    split,
    source: 'made up',
  }
}

/** An engine that trains nothing: every epoch has this training result, every validation that one; the second class is always the most probable. */
function fakeEngine(trained: MetricSums, validated: MetricSums): Engine {
  return {
    name: 'fake',
    supports: () => [],
    open: async (job) => ({
      device: { backend: 'none', name: 'nothing', threads: 1 },
      train: async ({ order }) => ({ ...trained, steps: Math.ceil(order.length / job.batchSize) }),
      evaluate: async () => validated,
      predict: async (images) => {
        const classes = job.model.weights.findLast(({ name }) => name.includes('dense'))?.shape.at(-1) ?? 0
        return Float32Array.from({ length: (images.length / 784) * classes }, (_, i) =>
          i % classes === 1 ? 0.75 : 0.01,
        )
      },
      readWeights: async () => [...job.model.weights],
      writeWeights: async () => undefined,
      readOptimizer: async () => [],
      writeOptimizer: async () => undefined,
      dispose: async () => undefined,
    }),
  }
}

function fakeContext(data: FakeData, changes: Partial<LessonContext>): LessonContext {
  return {
    load: async () => ({ train: fakeImages(data, 64, 'train'), test: fakeImages(data, 20, 'test') }),
    engine: fakeEngine({ samples: 64, loss: 32, correct: 48 }, { samples: 20, loss: 5, correct: 19 }),
    seed: 1,
    epochs: 2,
    ...changes,
  }
}

/** A context over made-up digits and an engine that trains nothing: 64 to train on, 20 to validate on. */
export function fakeDigits(changes: Partial<LessonContext> = {}): LessonContext {
  return fakeContext(digits, changes)
}

/** The same over made-up letters. */
export function fakeLetters(changes: Partial<LessonContext> = {}): LessonContext {
  return fakeContext(letters, changes)
}
