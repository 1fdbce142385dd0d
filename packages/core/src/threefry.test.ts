import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dropoutMask, dropThreshold, gaussianNoise, threefry2x32 } from './threefry.ts'

const ones = 0xffffffff

// Random123's kat_vectors, "threefry2x32 20".
test.each([
  [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
  [ones, ones, ones, ones, 0x1cb996fc, 0xbb002be7],
  [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
])('threefry of key %i %i, counter %i %i is the known answer', (key0, key1, counter0, counter1, x0, x1) => {
  expect(threefry2x32(key0, key1, counter0, counter1)).toEqual([x0, x1])
})

test('threefry takes a number modulo 2^32', () => {
  expect(threefry2x32(-1, -1, -1, -1)).toEqual(threefry2x32(ones, ones, ones, ones))
})

const key = { seed: 7, stream: 1, step: 30 }

test('kept elements are scaled so that the sum stays, dropped ones are 0', () => {
  const mask = dropoutMask(key, 1000, 100, 0.3)
  expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.7)]))
  // 100,000 draws: the standard deviation of the share is sqrt(.3 * .7 / 1e5) = 1.4e-3; four of them
  const dropped = mask.filter((value) => value === 0).length / mask.length
  expect(Math.abs(dropped - 0.3)).toBeLessThan(6e-3)
})

test('the mask is the one of the written counter layout', () => {
  const mask = dropoutMask(key, 3, 6, 0.5)
  for (const [row, channel] of [
    [0, 0],
    [0, 3],
    [1, 4],
    [2, 5],
  ] as const) {
    const words = threefry2x32(key.seed, key.stream, key.step, row * 2 + (channel >> 2))
    const word = words[channel & 2 ? 1 : 0]
    const bits = channel & 1 ? word >>> 16 : word & 0xffff
    expect(mask[row * 6 + channel]).toBe(bits < 0x8000 ? 0 : 2)
  }
})

test('a mask has no memory of the others: rows and batches of any size agree', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 30 }), (rows, channels) => {
      const large = dropoutMask(key, 20, channels, 0.4)
      expect(dropoutMask(key, rows, channels, 0.4)).toEqual(large.slice(0, rows * channels))
    }),
  )
})

test.each([
  ['seed', { ...key, seed: 8 }],
  ['layer', { ...key, stream: 2 }],
  ['step', { ...key, step: 31 }],
])('another %s gives an independent mask', (_, other) => {
  const a = dropoutMask(key, 100, 512, 0.5)
  const b = dropoutMask(other, 100, 512, 0.5)
  const same = a.filter((value, i) => value === b[i]).length / a.length
  // 51,200 pairs: standard deviation sqrt(.25 / 51200) = 2.2e-3; four of them
  expect(Math.abs(same - 0.5)).toBeLessThan(9e-3)
})

test('neighbouring channels and rows are independent', () => {
  const mask = dropoutMask(key, 100, 512, 0.5)
  for (const distance of [1, 2, 3, 4, 512]) {
    const same = mask.filter((value, i) => value === mask[(i + distance) % mask.length]).length / mask.length
    expect(Math.abs(same - 0.5)).toBeLessThan(9e-3)
  }
})

test('a rate of 0 keeps everything', () => {
  expect(new Set(dropoutMask(key, 10, 10, 0))).toEqual(new Set([1]))
})

test('a rate near 1 that rounds to it drops everything', () => {
  expect(dropThreshold(0.999999)).toBe(65536)
  expect(new Set(dropoutMask(key, 10, 10, 0.999999))).toEqual(new Set([0]))
})

test('the threshold is the rate in 65536ths', () => {
  expect([0, 0.2, 0.25, 0.5].map(dropThreshold)).toEqual([0, 13107, 16384, 32768])
})

test.each([-0.1, 1, 1.5, Number.NaN])('refuses a rate of %d', (rate) => {
  expect(() => dropoutMask(key, 1, 1, rate)).toThrow(
    `dropout rate: expected a number from 0 up to but not 1, got ${rate}.`,
  )
})

test('normal numbers have the moments of a normal distribution, and no step or layer shares them', () => {
  const noise = gaussianNoise({ seed: 1, stream: 0, step: 0 }, 10_000, 5, 2)
  const moment = (power: number) => noise.reduce((total, z) => total + (z / 2) ** power, 0) / noise.length
  // Standard errors over 50,000 numbers: .0045, .0063, .017, .044.
  expect(Math.abs(moment(1))).toBeLessThan(0.015)
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02)
  expect(Math.abs(moment(3))).toBeLessThan(0.06)
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15)
  const other = (change: object) => gaussianNoise({ seed: 1, stream: 0, step: 0, ...change }, 2, 3, 2)
  for (const change of [{ seed: 2 }, { stream: 1 }, { step: 1 }]) expect(other(change)).not.toEqual(other({}))
})
