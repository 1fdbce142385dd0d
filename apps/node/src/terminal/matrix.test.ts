import { expect, test } from 'vitest'
import { FakeScreen } from '../../test/fake-screen.ts'
import { drawMatrix } from './matrix.ts'

test('a matrix is drawn in columns as wide as its widest number', () => {
  expect(drawMatrix(new FakeScreen(), [2, 3], [0, 7, 255, 10, 0, 3], 0).lines).toEqual(['  0   7 255', ' 10   0   3'])
})

test('zero columns at the edges are left out, and said to be, where the matrix is too wide', () => {
  const values = [0, 0, 1, 22, 0, 0, 0, 3, 0, 0]
  expect(drawMatrix(new FakeScreen(6), [2, 5], values, 0)).toEqual({ lines: [' 1 22', ' 3  0'], shown: [2, 3] })
})

test('a matrix that is still too wide is cut into blocks of columns', () => {
  const { lines, shown } = drawMatrix(new FakeScreen(4), [2, 3], [1, 2, 3, 4, 5, 6], 0)
  expect(lines).toEqual(['1 2', '4 5', '', '3', '6'])
  expect(shown).toBeUndefined()
})

test('a matrix of zeros is drawn whole', () => {
  expect(drawMatrix(new FakeScreen(2), [1, 2], [0, 0], 0)).toEqual({ lines: ['0', '', '0'] })
})

test('a vector flows over as many lines as it needs', () => {
  expect(drawMatrix(new FakeScreen(8), [5], [1, 20, 3, 4, 5], 0).lines).toEqual(['1 20 3', '4 5'])
})

test('fractions are drawn with the digits that were asked for', () => {
  expect(drawMatrix(new FakeScreen(), [1, 2], [0.5, 1], 2).lines).toEqual(['0.50 1.00'])
})

test('zeros step back where there are colours', () => {
  expect(drawMatrix(new FakeScreen(80, 8), [1, 2], [0, 1], 0).lines).toEqual(['\ufdd0[2m0\ufdd0[22m 1'])
})
