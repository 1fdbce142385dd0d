import { GichoError, unitRange } from '@gicho/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rescale } from './rescale.ts'
import { treat } from './treat.ts'

const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)

async function sha256(values: Float32Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Float32Array.from(values))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

test('every byte becomes the float32 that numpy and Keras make of byte / 255', async () => {
  const expected = Float32Array.from(bytes, (byte) => byte / 255)
  expect(rescale(bytes)).toEqual(expected)
  expect(treat(bytes, unitRange([16, 16]))).toEqual(expected)
  // sha256((numpy.arange(256, dtype='uint8') / 255).astype('float32').tobytes()), numpy 2
  expect(await sha256(rescale(bytes))).toBe('010413efe9fc4438fee48de66c4d09f377b28af6a9fe2522201e8c1dbb831fc8')
})

test('a product in float32 would differ for 126 bytes, as the docstring says', () => {
  const scale = Math.fround(1 / 255)
  const exact = rescale(bytes)
  expect(bytes.filter((byte) => Math.fround(byte * scale) !== exact[byte])).toHaveLength(126)
})

test('bytes and the same values as plain numbers are rescaled alike', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
  fc.assert(
    fc.property(fc.uint8Array(), finite, finite, (values, scale, offset) => {
      const result = rescale(values, scale, offset)
      expect(result).toEqual(rescale(Array.from(values), scale, offset))
      expect(result).toEqual(rescale(Uint8ClampedArray.from(values), scale, offset))
    }),
  )
})

test('floats are rescaled with scale and offset', () => {
  expect(rescale([0, 0.5, 1], 2, -1)).toEqual(Float32Array.of(-1, 0, 1))
  expect(rescale(new Float32Array(0))).toHaveLength(0)
})

test('a scale or offset that is not finite is refused', () => {
  expect(() => rescale([1], Number.NaN)).toThrow('rescale: expected a finite scale and offset, got NaN and 0.')
  expect(() => rescale([1], 1, Number.POSITIVE_INFINITY)).toThrow(GichoError)
})

test('treat refuses bytes that are not whole samples', () => {
  expect(() => treat(new Uint8Array(785), unitRange([28, 28, 1]))).toThrow(
    'treat: expected a whole number of samples of (28, 28, 1), 784 bytes each, got 785 bytes. ' +
      'Give whole images of the size that the model was trained on.',
  )
  expect(() => treat(new Uint8Array(4), unitRange([0]))).toThrow('0 bytes each, got 4 bytes')
  expect(treat(new Uint8Array(0), unitRange([784]))).toHaveLength(0)
})
