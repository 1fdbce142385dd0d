import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FlowOptions } from './flow-options.ts'
import { ImageDataGenerator, type ImageDataGeneratorOptions } from './image-data-generator.ts'

// That the batches are Keras' is shown in ../test/flows.test.ts.

const shape = [2, 3, 1] as const

function data(length: number) {
  return {
    images: Uint8Array.from({ length: length * 6 }, (_, i) => i % 256),
    labels: Uint16Array.from({ length }, (_, i) => i),
    shape,
  }
}

function flowOf(length: number, options: FlowOptions = {}, generator: ImageDataGeneratorOptions = { seed: 1 }) {
  return new ImageDataGenerator(generator).flow(data(length), options)
}

test('each walk sees every image once, the last batch may be short', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 12 }), fc.nat(), (n, batchSize, seed) => {
      const flow = flowOf(n, { batchSize }, { seed })
      for (let walk = 0; walk < 3; walk++) {
        const batches = [...flow.take(flow.length)]
        expect(batches.flatMap(({ rows }) => [...rows]).sort((a, b) => a - b)).toEqual([...data(n).labels])
        expect(flow.batchIndex).toBe(0)
        for (const { rows, labels, images, shape: sizes } of batches) {
          expect([...(labels ?? [])]).toEqual([...rows])
          expect(sizes).toEqual([rows.length, 2, 3, 1])
          expect([...images]).toEqual([...rows].flatMap((row) => [...data(n).images.subarray(row * 6, row * 6 + 6)]))
        }
      }
    }),
    { numRuns: 50 },
  )
})

test('without shuffling the order is that of the data', () => {
  const flow = flowOf(5, { batchSize: 2, shuffle: false })
  expect([...flow.take(4)].map(({ rows }) => [...rows])).toEqual([[0, 1], [2, 3], [4], [0, 1]])
})

test('a plan can be rendered later, elsewhere and again', () => {
  const options = { rotationRange: 30, horizontalFlip: true, seed: 5 }
  const [planned, direct] = [flowOf(9, { batchSize: 4 }, options), flowOf(9, { batchSize: 4 }, options)]
  const plans = [planned.plan(), planned.plan(), planned.plan()]
  const elsewhere = flowOf(9, {}, options)
  expect(plans.map((plan) => elsewhere.render(plan))).toEqual([...direct.take(3)])
})

test('a flow goes on from a snapshot as if it had never stopped', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.option(fc.nat(1000), { nil: undefined }), (before, seed) => {
      const options = { batchSize: 3, ...(seed !== undefined && { seed }) }
      const flow = flowOf(10, options, { rotationRange: 20, seed: 2 })
      for (let i = 0; i < before; i++) flow.plan()
      const snapshot = structuredClone(flow.snapshot())
      const later = flowOf(10, options, { rotationRange: 20, seed: 3 })
      later.restore(snapshot)
      expect([...later.take(9)]).toEqual([...flow.take(9)])
      expect(later.totalBatchesSeen).toBe(before + 9)
    }),
    { numRuns: 30 },
  )
})

test('reset begins a new walk', () => {
  const flow = flowOf(10, { batchSize: 4, shuffle: false })
  flow.nextBatch()
  flow.reset()
  expect([...flow.nextBatch().rows]).toEqual([0, 1, 2, 3])
  expect(flow.totalBatchesSeen).toBe(2)
})

test('the subset validation is the first part of the data', () => {
  const options = { validationSplit: 0.3, seed: 1 }
  const rows = (subset: 'training' | 'validation') =>
    [...flowOf(10, { batchSize: 10, subset, ignoreClassSplit: true }, options).nextBatch().rows].sort((a, b) => a - b)
  expect(rows('validation')).toEqual([0, 1, 2])
  expect(rows('training')).toEqual([3, 4, 5, 6, 7, 8, 9])
})

test('sample weights and one-hot labels go with their images', () => {
  const generator = new ImageDataGenerator({ seed: 1 })
  const labels = Float32Array.of(0, 1, 2, 3, 4, 5)
  const sampleWeight = Float32Array.of(10, 11, 12)
  const batch = generator.flow({ ...data(3), labels }, { sampleWeight }).nextBatch()
  expect([...(batch.labels ?? [])]).toEqual([...batch.rows].flatMap((row) => [2 * row, 2 * row + 1]))
  expect([...(batch.sampleWeight ?? [])]).toEqual([...batch.rows].map((row) => 10 + row))
})

test('images alone make batches of images alone', () => {
  const batch = new ImageDataGenerator().flow({ images: new Float32Array(12), shape }).nextBatch()
  expect(Object.keys(batch).sort()).toEqual(['draws', 'images', 'rows', 'shape'])
})

test('the iterators are endless, and the asynchronous one lets others work', async () => {
  const flow = flowOf(4, { batchSize: 4 })
  let seen = 0
  for (const batch of flow) {
    seen += batch.rows.length
    if (seen > 12) break
  }
  expect(seen).toBe(16)
  let ticks = 0
  const timer = setInterval(() => ticks++)
  for await (const batch of flow) {
    seen += batch.rows.length
    if (seen > 100 && ticks > 2) break
  }
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(2)
})

test('a flow that cannot be is refused', () => {
  const split = { validationSplit: 0.5, seed: 1 }
  expect(() => flowOf(4, { batchSize: 0 })).toThrow('flow: expected a whole batchSize >= 1, got 0.')
  expect(() => flowOf(0)).toThrow('flow: expected at least one image, got none of 0 in the data.')
  expect(() => flowOf(4, { subset: 'validation' })).toThrow(
    "flow: expected at least one image, got none of 4 in the subset 'validation'.",
  )
  expect(() => flowOf(4, JSON.parse('{"subset":"test"}'))).toThrow(
    "flow: expected the subset training or validation, got 'test'.",
  )
  expect(() => flowOf(4, { sampleWeight: new Float32Array(3) })).toThrow(
    'flow: expected 4 sample weights, one an image, got 3.',
  )
  expect(() => new ImageDataGenerator().flow({ ...data(4), labels: new Uint8Array(7) })).toThrow(
    'flow: expected 4 labels or rows of labels, one an image, got 7 numbers.',
  )
  expect(() => flowOf(4, { subset: 'training' }, split)).toThrow(
    'flow: expected the same labels in both subsets, got 0 in one alone. The first part is for validation: ' +
      'shuffle data that is sorted by label, or set ignoreClassSplit.',
  )
})

test('a batch or snapshot that is not there is refused', () => {
  const flow = flowOf(10, { batchSize: 4 })
  expect(() => flow.batchAt(3)).toThrow('flow: expected a batch from 0 to 2, got 3.')
  const longer = flowOf(20, { batchSize: 4 })
  longer.plan()
  expect(() => flow.restore(longer.snapshot())).toThrow(
    'flow: expected a snapshot of 3 batches of 10 images, got batch 1 of 20 images.',
  )
})
