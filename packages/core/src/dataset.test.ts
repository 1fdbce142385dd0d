import { expect, test } from 'vitest'
import { checkDataset } from './check-dataset.ts'
import { type ImageDataset, takeFirst, unitRange } from './dataset.ts'

const data: ImageDataset = {
  images: Uint8Array.from({ length: 12 }, (_, i) => i),
  labels: Uint8Array.of(0, 1, 1),
  length: 3,
  shape: [2, 2, 1],
  classNames: ['a', 'b'],
  split: 'train',
  source: 'a test',
}

test('the first images share the memory of all', () => {
  const first = takeFirst(data, 2)
  expect(first).toMatchObject({ length: 2, shape: [2, 2, 1], source: 'a test' })
  expect([...first.images]).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect([...first.labels]).toEqual([0, 1])
  expect(first.images.buffer).toBe(data.images.buffer)
  checkDataset(first)
  expect(takeFirst(data, 3)).toBe(data)
  expect(takeFirst(data, 9)).toBe(data)
})

test.each([0, -1, 1.5, Number.NaN])('refuses a limit of %d', (n) => {
  expect(() => takeFirst(data, n)).toThrow(`limit: expected a whole number >= 1, got ${n}.`)
})

test('the lessons divide bytes by 255', () => {
  expect(unitRange([784])).toEqual({ shape: [784], scale: 1 / 255, offset: 0 })
})
