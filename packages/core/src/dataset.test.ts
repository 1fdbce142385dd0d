import { expect, test } from 'vitest'
import { checkDataset, type ImageDataset, takeFirst, unitRange } from './dataset.ts'
import { isGichoError } from './errors.ts'

const data: ImageDataset = {
  images: Uint8Array.from({ length: 12 }, (_, i) => i),
  labels: Uint8Array.of(0, 1, 1),
  length: 3,
  shape: [2, 2, 1],
  classNames: ['a', 'b'],
  split: 'train',
  source: 'a test',
}

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (isGichoError(error)) return error.code
  }
  return 'none'
}

test('a whole dataset passes', () => {
  expect(codeOf(() => checkDataset(data))).toBe('none')
})

test('arrays of the wrong length are refused', () => {
  const message = 'dataset (train): expected 3 images of 2x2x1 and as many labels, got 11 pixels and 3 labels.'
  const short = { ...data, images: data.images.subarray(1) }
  expect(() => checkDataset(short)).toThrow(message)
  expect(codeOf(() => checkDataset(short))).toBe('bad-shape')
  expect(() => checkDataset({ ...data, labels: Uint8Array.of(0) })).toThrow('got 12 pixels and 1 labels')
})

test('a label outside the classes is refused, with its place', () => {
  const wrong = { ...data, labels: Uint8Array.of(0, 2, 1) }
  expect(() => checkDataset(wrong)).toThrow(
    'dataset (train): label 2 of image 1 is outside the 2 classes (0..1). Map the labels to 0..1, or name more classes.',
  )
  expect(codeOf(() => checkDataset(wrong))).toBe('bad-data')
})

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
