import { expect, test } from 'vitest'
import { pillow, sha256 } from '../test/samples.node.ts'
import { lumaGrey } from './luma-grey.ts'

const SIZE = { width: 256, height: 256 }

test("the grey of each of the 16,777,216 colours is Pillow's", () => {
  const pixels = new Uint8Array(256 * 256 * 3)
  const greys = Array.from({ length: 256 }, (_, red) => {
    for (let i = 0; i < 256 * 256; i++) {
      pixels[3 * i] = red
      pixels[3 * i + 1] = i >> 8
      pixels[3 * i + 2] = i & 255
    }
    return lumaGrey(pixels, { ...SIZE, channels: 3 })
  })
  expect(sha256(...greys)).toBe(pillow.allLumas)
})

test('alpha is left out and a grey stays what it is', () => {
  const size = { width: 2, height: 1 }
  expect([...lumaGrey(Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 255), { ...size, channels: 4 })]).toEqual([76, 76])
  expect([...lumaGrey(Uint8Array.of(7, 0, 200, 99), { ...size, channels: 2 })]).toEqual([7, 200])
  expect([...lumaGrey(Uint8ClampedArray.of(7, 200), { ...size, channels: 1 })]).toEqual([7, 200])
})

test('bytes that are not such an image are refused', () => {
  expect(() => lumaGrey(new Uint8Array(5), { width: 2, height: 1, channels: 3 })).toThrow(
    'lumaGrey: expected 6 bytes for 2x1 pixels of 3 channels, got 5.',
  )
  expect(() => lumaGrey(new Uint8Array(10), { width: 2, height: 1, channels: 5 })).toThrow(
    'lumaGrey: expected 1, 2, 3 or 4 channels, got 5.',
  )
})
