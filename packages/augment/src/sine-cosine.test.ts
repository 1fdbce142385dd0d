import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fusedMultiplyAdd } from './fused-multiply-add.ts'
import { sineCosine } from './sine-cosine.ts'

test("sine and cosine lie within two ulps of the engine's own", () => {
  fc.assert(
    fc.property(fc.double({ min: -1000, max: 1000, noNaN: true }), (angle) => {
      const [sine, cosine] = sineCosine(angle)
      // the engine's and ours are each good to one ulp of a value below 1
      expect(Math.abs(sine - Math.sin(angle))).toBeLessThanOrEqual(2 ** -52)
      expect(Math.abs(cosine - Math.cos(angle))).toBeLessThanOrEqual(2 ** -52)
    }),
    { numRuns: 2000 },
  )
})

test('sine and cosine are exact where they can be, and odd and even', () => {
  expect(sineCosine(0)).toEqual([0, 1])
  fc.assert(
    fc.property(fc.double({ min: 0, max: 10, noNaN: true }), (angle) => {
      const [sine, cosine] = sineCosine(angle)
      const [minusSine, sameCosine] = sineCosine(-angle)
      expect([-minusSine + 0, sameCosine]).toEqual([sine, cosine])
    }),
  )
})

test('a fused multiply-add equals the exact result, rounded once', () => {
  const digits = fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 })
  const exponents = fc.integer({ min: -20, max: 20 })
  fc.assert(
    fc.property(digits, digits, digits, exponents, (a, b, c, exponent) => {
      // whole numbers: c shifted to about the size of a * b; a BigInt becomes the nearest float64
      const shift = BigInt(40 + exponent)
      const exact = BigInt(a) * BigInt(b) + (BigInt(c) << shift)
      expect(fusedMultiplyAdd(a, b, c * 2 ** Number(shift))).toBe(Number(exact))
    }),
    { numRuns: 2000 },
  )
})
