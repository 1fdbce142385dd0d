import fc from 'fast-check'
import { expect, test } from 'vitest'
import { confusionMatrix } from './confusion-matrix.ts'

test('rows are actual classes, columns predicted ones', () => {
  expect(confusionMatrix(Uint8Array.of(0, 0, 1, 2), [0, 1, 1, 0], 3)).toEqual([
    [1, 1, 0],
    [0, 1, 0],
    [1, 0, 0],
  ])
})

test('every image is counted once, in the row of its label', () => {
  const pairs = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 100 })
  fc.assert(
    fc.property(pairs, (images) => {
      const labels = images.map(([label]) => label)
      const matrix = confusionMatrix(
        labels,
        images.map(([, predicted]) => predicted),
        5,
      )
      matrix.forEach((row, label) => {
        expect(row.reduce((sum, count) => sum + count, 0)).toBe(labels.filter((each) => each === label).length)
      })
    }),
  )
})

test('what does not fit together is refused', () => {
  expect(() => confusionMatrix([0, 1], [0], 2)).toThrow('got 2 labels and 1 predictions')
  expect(() => confusionMatrix([0, 2], [0, 0], 2)).toThrow('expected classes from 0 to 1, got 2 taken for 0 at 1')
  expect(() => confusionMatrix([0], [-1], 2)).toThrow('got 0 taken for -1 at 0')
  expect(() => confusionMatrix([0.5], [0], 2)).toThrow('got 0.5 taken for 0')
})
