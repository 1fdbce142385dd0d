import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reshape } from './reshape.ts'

test('reshape keeps the memory and infers -1', () => {
  const values = new Uint8Array(2 * 28 * 28)
  const flat = reshape(values, [-1, 784])
  expect(flat.values).toBe(values)
  expect(flat.shape).toEqual([2, 784])
  expect(reshape(values, [-1, 28, 28, 1]).shape).toEqual([2, 28, 28, 1])
})

test('any size of a shape can be inferred from the others', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }), fc.nat(), (shape, pick) => {
      const values = new Uint8Array(shape.reduce((product, size) => product * size, 1))
      const asked = shape.with(pick % shape.length, -1)
      expect(reshape(values, asked).shape).toEqual(shape)
    }),
  )
})

test('a shape that does not hold the values is refused', () => {
  expect(() => reshape(new Uint8Array(10), [3, 3])).toThrow("reshape: 10 elements don't fit into (3, 3).")
  expect(() => reshape(new Uint8Array(10), [-1, -1])).toThrow('at most one -1, got (-1, -1)')
})
