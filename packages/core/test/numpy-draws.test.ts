import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { RandomState } from '../src/mt19937.ts'

interface Draws {
  seed: number
  words: number[]
  random: number[]
  uniform: { low: number; high: number; values: number[] }[]
  randint: { low: number; high: number; values: number[] }[]
  choice: { values: number[]; picked: number[] }
  permutation: { n: number; first: number[]; sha256: string }[]
  shuffle: { n: number; once: number[]; twice: number[] }[]
  mixed: { calls: Call[]; results: unknown[]; position: number; state: string }
}

type Call =
  | ['random', []]
  | ['uniform', [number, number]]
  | ['randint', [number, number]]
  | ['permutation', [number]]
  | ['choice', [number[]]]

// Written by tools/golden/numpy_draws.py; every comparison below is exact.
const fixture: { numpy: string; draws: Draws[] } = JSON.parse(
  readFileSync(new URL('../fixtures/numpy-draws.json', import.meta.url), 'utf8'),
)

function repeat<T>(n: number, draw: () => T): T[] {
  return Array.from({ length: n }, draw)
}

function sha256(words: Uint32Array): string {
  return createHash('sha256').update(words).digest('hex')
}

function call(random: RandomState, [name, parameters]: Call): unknown {
  if (name === 'random') return random.random()
  if (name === 'uniform') return random.uniform(...parameters)
  if (name === 'randint') return random.randint(...parameters)
  if (name === 'permutation') return [...random.permutation(...parameters)]
  return random.choice(...parameters)
}

describe.each(fixture.draws)('numpy RandomState($seed)', (numpy) => {
  const start = () => new RandomState(numpy.seed)

  test('gives the same words', () => {
    const random = start()
    expect(repeat(8, () => random.nextUint32())).toEqual(numpy.words)
  })

  test('gives the same doubles', () => {
    const random = start()
    expect(repeat(8, () => random.random())).toEqual(numpy.random)
  })

  test.each(numpy.uniform)('gives the same uniform($low, $high)', ({ low, high, values }) => {
    const random = start()
    expect(repeat(values.length, () => random.uniform(low, high))).toEqual(values)
  })

  test.each(numpy.randint)('gives the same randint($low, $high)', ({ low, high, values }) => {
    const random = start()
    expect(repeat(values.length, () => random.randint(low, high))).toEqual(values)
  })

  test('gives the same choices', () => {
    const random = start()
    expect(repeat(12, () => random.choice(numpy.choice.values))).toEqual(numpy.choice.picked)
  })

  test.each(numpy.permutation)('gives the same permutation($n)', ({ n, first, sha256: digest }) => {
    const order = start().permutation(n)
    expect([...order.slice(0, 8)]).toEqual(first)
    expect(sha256(order)).toBe(digest)
  })

  test.each(numpy.shuffle)('shuffles $n values alike, and once more', ({ n, once, twice }) => {
    const random = start()
    const values = Array.from({ length: n }, (_, i) => 100 + i)
    random.shuffle(values)
    expect(values).toEqual(once)
    random.shuffle(values)
    expect(values).toEqual(twice)
  })

  test('takes as many words as numpy in calls of all kinds, and ends in the same state', () => {
    const random = start()
    const { calls, results, position, state } = numpy.mixed
    const ours = repeat(40, () => calls.map((c) => call(random, c))).flat()
    expect(ours).toEqual(results)
    expect(random.snapshot().position).toBe(position)
    expect(sha256(random.snapshot().key)).toBe(state)
  })
})
