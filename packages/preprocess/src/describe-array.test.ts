import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeArray } from './describe-array.ts'
import { dtypeOf } from './numeric-array.ts'

test('shape, type and range are described as numpy prints them', () => {
  expect(describeArray(Uint8Array.of(0, 255, 7, 9), [2, 2])).toEqual({
    shape: [2, 2],
    dtype: 'uint8',
    min: 0,
    max: 255,
  })
  expect(describeArray(Float32Array.of(0.5))).toEqual({ shape: [1], dtype: 'float32', min: 0.5, max: 0.5 })
})

test('every typed array has its numpy name', () => {
  const arrays = [Uint8Array, Uint8ClampedArray, Uint16Array, Uint32Array, Int8Array, Int16Array, Int32Array]
  expect(arrays.map((type) => dtypeOf(new type(1)))).toEqual([
    'uint8',
    'uint8',
    'uint16',
    'uint32',
    'int8',
    'int16',
    'int32',
  ])
  expect([dtypeOf(new Float32Array(1)), dtypeOf(new Float64Array(1))]).toEqual(['float32', 'float64'])
})

test('no value lies outside the range, and both ends are values', () => {
  fc.assert(
    fc.property(fc.float64Array({ minLength: 1, noNaN: true }), (values) => {
      const { min, max } = describeArray(values)
      expect(values.every((value) => value >= min && value <= max)).toBe(true)
      // -0 and 0 are one value here, so `===` and not Object.is
      expect(values.some((value) => value === min) && values.some((value) => value === max)).toBe(true)
    }),
  )
})

test('one NaN makes the range NaN', () => {
  expect(describeArray(Float32Array.of(1, Number.NaN, 2))).toMatchObject({ min: Number.NaN, max: Number.NaN })
})

test('a shape that does not hold the values is refused', () => {
  expect(() => describeArray(new Uint8Array(5), [2, 3])).toThrow(
    'describeArray: expected at least one value and as many as (2, 3) holds (6), got 5.',
  )
  expect(() => describeArray(new Uint8Array(0))).toThrow('as many as (0,) holds (0), got 0.')
})
