import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  type Batch,
  type FitOptions,
  type FlowOptions,
  ImageDataGenerator,
  type ImageDataGeneratorOptions,
} from '../src/index.ts'
import { digest, goldenImage } from './golden-images.ts'

interface GoldenBatch {
  readonly labels: readonly number[]
  readonly sha256: string
}

interface FlowCase {
  readonly options: ImageDataGeneratorOptions
  readonly flow: FlowOptions
  readonly channels: number
  readonly fit?: FitOptions
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
  readonly batches: readonly GoldenBatch[]
  readonly afterReset: readonly GoldenBatch[]
  readonly at: GoldenBatch
  readonly atLater: GoldenBatch
}

interface Fixture {
  readonly flows: readonly FlowCase[]
  readonly zca: {
    readonly options: ImageDataGeneratorOptions
    readonly matrix: readonly number[]
    readonly white: readonly number[]
  }
}

const fixture: Fixture = JSON.parse(readFileSync(new URL('../fixtures/flows.json', import.meta.url), 'utf8'))

function described(batch: Batch): GoldenBatch {
  return { labels: [...(batch.labels ?? [])], sha256: digest(batch.images) }
}

const named = fixture.flows.map((golden, i) => {
  const { options, flow, channels } = golden
  return [`${JSON.stringify(options)} ${JSON.stringify(flow)}, ${channels} channels`, i, golden] as const
})

test.each(named)('batches of %s equal those of Keras to the bit', (_, seed, golden) => {
  const shape = [9, 14, golden.channels] as const
  const images = Uint8Array.from(goldenImage('bytes', seed, [11, ...shape]))
  const labels = Uint8Array.from({ length: 11 }, (_, i) => i)
  const generator = new ImageDataGenerator({ ...golden.options, onWarning: () => {} })
  if (golden.fit) {
    generator.fit({ images, shape }, golden.fit)
    expect([...(generator.fitted.mean ?? [])]).toEqual(golden.mean?.map(Math.fround))
    expect([...(generator.fitted.std ?? [])]).toEqual(golden.std?.map(Math.fround))
  }
  generator.random.seed(seed)
  const flow = generator.flow({ images, shape, labels }, { ...golden.flow, ignoreClassSplit: true })
  expect(golden.batches.map(() => described(flow.nextBatch()))).toEqual(golden.batches)
  flow.reset()
  expect(golden.afterReset.map(() => described(flow.nextBatch()))).toEqual(golden.afterReset)
  expect(described(flow.batchAt(flow.length - 1))).toEqual(golden.at)
  flow.onEpochEnd()
  expect(described(flow.batchAt(0))).toEqual(golden.atLater)
})

test('whitening equals that of Keras but for its float32 singular values', () => {
  const { options, matrix, white } = fixture.zca
  const shape = [4, 3, 1] as const
  const images = goldenImage('bytes', 5, [60, ...shape])
  const generator = new ImageDataGenerator({ ...options, onWarning: () => {} })
  generator.fit({ images, shape })
  const ours = generator.fitted.whitening ?? new Float64Array()
  // A float32 SVD is good to some 1e-6 of the largest value; ours is computed in float64.
  expect(relativeDistance(ours, matrix)).toBeLessThan(2e-6)
  const whitened = [0, 1].flatMap((i) => [...generator.standardize(images.slice(12 * i, 12 * i + 12), shape)])
  expect(relativeDistance(whitened, white)).toBeLessThan(2e-6)
})

function relativeDistance(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length)
  const difference = Math.hypot(...theirs.map((value, i) => value - (ours[i] ?? Number.NaN)))
  return difference / Math.hypot(...theirs)
}
