import fc from 'fast-check'
import { expect, test } from 'vitest'
import { argmax } from './argmax.ts'
import { oneHot } from './one-hot.ts'

test('a row has its 1 in the column of its label', () => {
  expect(oneHot(Uint8Array.of(2, 0), 3)).toEqual(Float32Array.of(0, 0, 1, 1, 0, 0))
})

test('argmax undoes oneHot', () => {
  const labelled = fc
    .integer({ min: 1, max: 300 })
    .chain((classes) => fc.tuple(fc.constant(classes), fc.array(fc.nat(classes - 1))))
  fc.assert(
    fc.property(labelled, ([classes, labels]) => {
      const rows = oneHot(labels, classes)
      expect(Array.from(argmax(rows, classes))).toEqual(labels)
      expect(rows.reduce((sum, value) => sum + value, 0)).toBe(labels.length)
    }),
  )
})

test('a label outside the classes is refused with its place', () => {
  expect(() => oneHot([0, 24], 24)).toThrow(
    'oneHot: expected labels that are whole numbers 0..23, got 24 at index 1. ' +
      'Map the labels to 0..23, or name more classes.',
  )
  expect(() => oneHot([-1], 2)).toThrow('got -1 at index 0')
  expect(() => oneHot([0.5], 2)).toThrow('got 0.5 at index 0')
})

test('a number of classes that is not whole and positive is refused', () => {
  expect(() => oneHot([], 0)).toThrow('oneHot: expected a whole number of classes >= 1, got 0.')
  expect(() => oneHot([], 2.5)).toThrow('got 2.5')
})
