import fc from 'fast-check'
import { expect, test } from 'vitest'
import { argmax } from './argmax.ts'

test('the largest value of each row is found', () => {
  expect(argmax([0.1, 0.7, 0.2, 3, -1, 2], 3)).toEqual(Uint8Array.of(1, 0))
})

test('the first of equal values wins and NaN counts as the largest, as in numpy', () => {
  expect(argmax([1, 1, 0, 0, 1, 1], 3)).toEqual(Uint8Array.of(0, 1))
  expect(argmax([1, Number.NaN, 5, Number.NaN, 2, Number.NaN], 3)).toEqual(Uint8Array.of(1, 0))
  expect(argmax([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], 2)).toEqual(Uint8Array.of(0))
})

test('no value of a row is larger than the one that was named', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.float({ noNaN: true })), (classes, values) => {
      const whole = values.slice(0, values.length - (values.length % classes))
      for (const [row, column] of argmax(whole, classes).entries()) {
        const cells = whole.slice(row * classes, (row + 1) * classes)
        expect(cells[column]).toBe(cells.find((cell) => cells.every((other) => other <= cell)))
      }
    }),
  )
})

test('more than 256 classes come back as 16 bits', () => {
  const row = new Float32Array(300)
  row[299] = 1
  expect(argmax(row, 300)).toEqual(Uint16Array.of(299))
  expect(argmax(row.subarray(44), 256)).toEqual(Uint8Array.of(255))
})

test('classes and values that do not fit are refused', () => {
  expect(() => argmax([1, 2, 3], 2)).toThrow(
    "argmax: expected rows of 2 values, got 3 values, which isn't a whole number of rows. " +
      'Name as many classes as the model has outputs.',
  )
  expect(() => argmax([], 0)).toThrow('argmax: expected a whole number of classes from 1 to 65536, got 0.')
  expect(() => argmax([], 65537)).toThrow('got 65537')
})
