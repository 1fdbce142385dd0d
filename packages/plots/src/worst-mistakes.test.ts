import fc from 'fast-check'
import { expect, test } from 'vitest'
import { worstMistakes } from './worst-mistakes.ts'

test('the surest mistake comes first, and what was right is left out', () => {
  const probabilities = [0.9, 0.1, 0.4, 0.6, 0.2, 0.8, 0.7, 0.3]
  expect(worstMistakes([0, 0, 0, 1], probabilities, 2, 5)).toEqual([
    { index: 2, actual: 0, predicted: 1, probability: 0.8 },
    { index: 3, actual: 1, predicted: 0, probability: 0.7 },
    { index: 1, actual: 0, predicted: 1, probability: 0.6 },
  ])
  expect(worstMistakes([0, 0, 0, 1], probabilities, 2, 1)).toHaveLength(1)
})

test('equally sure mistakes stay in the order of the data', () => {
  expect(worstMistakes([1, 1, 1], [1, 0, 1, 0, 1, 0], 2, 3).map(({ index }) => index)).toEqual([0, 1, 2])
})

test('a row of NaN is no prediction', () => {
  expect(worstMistakes([1], [Number.NaN, Number.NaN], 2, 3)).toEqual([])
})

test('all of them are found, each sure enough', () => {
  const rows = fc.array(
    fc.tuple(fc.nat(2), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })),
  )
  fc.assert(
    fc.property(rows, (images) => {
      const labels = images.map(([label]) => label)
      const found = worstMistakes(
        labels,
        images.flatMap(([, row]) => row),
        3,
        images.length,
      )
      const wrong = images.filter(([label, row]) => row.indexOf(Math.max(...row)) !== label)
      expect(found).toHaveLength(wrong.length)
      found.forEach(({ probability }, i) => {
        expect(probability).toBeLessThanOrEqual(found[i - 1]?.probability ?? 1)
      })
    }),
  )
})

test('probabilities that do not fit the labels are refused', () => {
  expect(() => worstMistakes([0, 1], [0.5, 0.5], 2, 1)).toThrow('expected 2 rows of 2 probabilities, got 2 numbers')
})
