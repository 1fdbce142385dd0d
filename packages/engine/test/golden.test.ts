import { RandomState } from '@gicho/core'
import { expect, test } from 'vitest'
import { loadGolden, project } from './golden.ts'

const names = ['lesson1-rmsprop', 'lesson1-sgd', 'lesson1-sgd-momentum', 'lesson1-adam']

test('projects onto the signs that numpy draws', () => {
  // numpy: words = RandomState(20240229).randint(0, 2**32, 5, np.uint32), golden.project(np.arange(1, 6)): first four
  const projections = project(Float32Array.of(1, 2, 3, 4, 5), 20240229)
  expect(projections).toHaveLength(32)
  expect([...projections.slice(0, 4)]).toEqual([-15, 9, 5, -3])
})

test('the mean square of the projections estimates the square of the norm', () => {
  const random = new RandomState(5)
  const values = Float32Array.from({ length: 10_000 }, () => random.uniform(-1, 1))
  const norm = Math.hypot(...values)
  const estimate = Math.sqrt(project(values, 7).reduce((total, p) => total + p * p, 0) / 32)
  // The estimate of the square has a standard deviation of sqrt(2 / 32) = 25 %, so half of that for the root.
  expect(Math.abs(estimate / norm - 1)).toBeLessThan(0.3)
})

test.each(names)('%s makes the start weights and batches that Keras had', (name) => {
  const golden = loadGolden(name)
  const weights = golden.initialWeights()
  expect(weights.map((w) => [w.name, w.shape])).toEqual([
    ['dense_1/kernel', [784, 512]],
    ['dense_1/bias', [512]],
    ['dense_2/kernel', [512, 512]],
    ['dense_2/bias', [512]],
    ['dense_3/kernel', [512, 10]],
    ['dense_3/bias', [10]],
  ])
  expect(golden.order).toHaveLength(640)
  expect([...golden.order.slice(0, 8)]).toEqual([10327, 11901, 13305, 27477, 55627, 7409, 20191, 14985])
  expect(golden.losses).toHaveLength(20)
  // The start lies as far from Keras' weights as these have moved: right only if the start is Keras' own.
  const first = golden.after(1)
  for (const { name, values } of weights.filter((w) => w.name.endsWith('kernel'))) {
    const moved = first.movedDistance(name, values)
    expect(moved).toBeGreaterThan(0.6)
    expect(moved).toBeLessThan(1.4)
  }
})

test('holds the weights and the slots of each optimizer', () => {
  const slots = names.map((name) =>
    loadGolden(name)
      .after(20)
      .tensors.slice(6)
      .map((t) => t.name.split('/')[2]),
  )
  expect(slots.map((s) => [...new Set(s)])).toEqual([['velocity'], [], ['momentum'], ['momentum', 'velocity']])
})

test('a distance is zero for the same array and grows with the difference', () => {
  const golden = loadGolden('lesson1-sgd')
  const kernel = golden.initialWeights()[0]?.values ?? new Float32Array()
  const after = golden.after(1)
  const start = after.distance('dense_1/kernel', kernel)
  expect(start).toBeLessThan(1e-3) // one step of plain SGD moves little
  const changed = kernel.map((value) => value * 1.01)
  expect(after.distance('dense_1/kernel', changed) / 0.01).toBeCloseTo(1, 0)
  expect(after.distance('dense_1/kernel', kernel.with(3, Number.NaN))).toBeNaN()
})

test('says which steps, tensors and sizes a fixture has', () => {
  const golden = loadGolden('lesson1-sgd')
  expect(() => golden.after(2)).toThrow('golden: the fixture has no step 2; it has 1, 5, 20.')
  expect(() => golden.after(1).distance('x', new Float32Array())).toThrow('no tensor x; it has dense_1/kernel, ')
  expect(() => golden.after(1).distance('dense_1/bias', new Float32Array(3))).toThrow('has 512 elements, got 3')
})
