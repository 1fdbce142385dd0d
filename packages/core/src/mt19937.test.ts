import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RandomState } from './mt19937.ts'

// That the numbers are numpy's is shown in ../test/numpy-draws.test.ts.

function repeat<T>(n: number, draw: () => T): T[] {
  return Array.from({ length: n }, draw)
}

test('uniform draws from [0, 1) where nothing is said', () => {
  expect(new RandomState(0).uniform()).toBe(new RandomState(0).random())
})

test('goes on from a snapshot as if it had never stopped', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.nat(2000), (seed, before) => {
      const random = new RandomState(seed)
      for (let i = 0; i < before; i++) random.nextUint32()
      const later = new RandomState(0)
      later.restore(random.snapshot())
      expect(repeat(5, () => later.random())).toEqual(repeat(5, () => random.random()))
    }),
    { numRuns: 30 },
  )
})

test('a snapshot is a copy', () => {
  const random = new RandomState(3)
  const held = random.snapshot()
  const first = random.nextUint32()
  random.restore(held)
  expect(random.nextUint32()).toBe(first)
})

test('a permutation holds each number once', () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.nat(300), (seed, n) => {
      const order = new RandomState(seed).permutation(n)
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i))
    }),
  )
})

test('randint stays in its span', () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.integer(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, low, span) => {
      const value = new RandomState(seed).randint(low, low + span)
      expect(value).toBeGreaterThanOrEqual(low)
      expect(value).toBeLessThan(low + span)
    }),
  )
})

test.each([-1, 2 ** 32, 0.5, Number.NaN])('refuses %d as a seed', (seed) => {
  expect(() => new RandomState(seed)).toThrow(`seed: expected a whole number from 0 to 4294967295, got ${seed}.`)
})

test.each([
  [1, 1],
  [2, 1],
  [0.5, 2],
  [0, 2 ** 32 + 1],
])('refuses randint(%d, %d)', (low, high) => {
  expect(() => new RandomState(0).randint(low, high)).toThrow(
    `randint: expected whole low < high at most 2^32 apart, got ${low}, ${high}.`,
  )
})

test('refuses to choose from nothing', () => {
  expect(() => new RandomState(0).choice([])).toThrow('choice: expected at least one value, got none.')
})

test.each([
  [623, 0, 'got 623 words at 0'],
  [624, 625, 'got 624 words at 625'],
  [624, 1.5, 'got 624 words at 1.5'],
])('refuses a state of %d words at %d', (words, position, message) => {
  const random = new RandomState(0)
  expect(() => random.restore({ key: new Uint32Array(words), position })).toThrow(message)
})

test.each([-1, 1.5, 2 ** 32 + 1])('refuses permutation(%d)', (n) => {
  expect(() => new RandomState(0).permutation(n)).toThrow(
    `permutation: expected a whole number from 0 to 4294967295, got ${n}.`,
  )
})
