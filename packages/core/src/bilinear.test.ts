import { expect, test } from 'vitest'
import { bilinearMatrix } from './bilinear.ts'

/** What becomes of the values along one axis. */
function enlarged(values: readonly number[], factor: number, halfPixelCenters: boolean): number[] {
  const matrix = bilinearMatrix(values.length, factor, halfPixelCenters)
  return Array.from({ length: values.length * factor }, (_, row) =>
    values.reduce((sum, value, i) => sum + value * (matrix[row * values.length + i] ?? Number.NaN), 0),
  )
}

test('[0, 1] twice as long is 0, .25, .75, 1 with centres, as in Keras 3, and 0, .5, 1, 1 with corners, as in tfjs', () => {
  expect(enlarged([0, 1], 2, true)).toEqual([0, 0.25, 0.75, 1])
  expect(enlarged([0, 1], 2, false)).toEqual([0, 0.5, 1, 1])
})

test('a factor of 1 changes nothing, and a lone value is repeated', () => {
  for (const centers of [true, false]) {
    expect(enlarged([3, 1, 2], 1, centers)).toEqual([3, 1, 2])
    expect(enlarged([7], 3, centers)).toEqual([7, 7, 7])
  }
})

test('the shares of every output add up to 1', () => {
  for (const centers of [true, false]) {
    for (const value of enlarged([1, 1, 1, 1, 1], 3, centers)) expect(value).toBeCloseTo(1, 6)
  }
})
