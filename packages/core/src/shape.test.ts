import { expect, test } from 'vitest'
import { formatShape, inferShape, sameShape, sizeOf } from './shape.ts'

test('the size of a shape is the product of its axes', () => {
  expect([[], [5], [60000, 28, 28], [3, 0]].map(sizeOf)).toEqual([1, 5, 47040000, 0])
})

test('shapes print as in Python', () => {
  expect([[60000, 28, 28], [10], [], [null, 512]].map(formatShape)).toEqual([
    '(60000, 28, 28)',
    '(10,)',
    '()',
    '(None, 512)',
  ])
})

test('shapes are the same when sizes and order are', () => {
  expect(sameShape([2, 3], [2, 3])).toBe(true)
  expect(sameShape([2, 3], [3, 2])).toBe(false)
  expect(sameShape([2], [2, 1])).toBe(false)
})

test.each([
  [[-1, 784], 47040000, [60000, 784]],
  [[-1, 28, 28, 1], 784, [1, 28, 28, 1]],
  [[2, 3], 6, [2, 3]],
  [[-1], 0, [0]],
  [[0, 5], 0, [0, 5]],
])('%j holds %d elements as %j', (shape, size, inferred) => {
  expect(inferShape(shape, size)).toEqual(inferred)
})

test.each([
  [[-1, -1], 4, 'reshape: expected whole sizes with at most one -1, got (-1, -1).'],
  [[1.5], 3, 'reshape: expected whole sizes with at most one -1, got (1.5,).'],
  [[-2], 3, 'reshape: expected whole sizes with at most one -1, got (-2,).'],
  [[2, 3], 7, "reshape: 7 elements don't fit into (2, 3)."],
  [[-1, 3], 7, "reshape: 7 elements don't fit into (-1, 3)."],
  [[-1, 0], 0, "reshape: 0 elements don't fit into (-1, 0)."],
])('refuses %j for %d elements', (shape, size, message) => {
  expect(() => inferShape(shape, size)).toThrow(message)
})
