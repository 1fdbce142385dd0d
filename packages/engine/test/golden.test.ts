import { RandomState } from '@gicho/core'
import { expect, test } from 'vitest'
import { loadGolden, project } from './golden.ts'
import { engineState, goldenSlotName } from './golden-start.ts'

/** Steps after which each perceptron fixture has results. */
const perceptrons = {
  'lesson1-rmsprop': [1, 5, 20, 50],
  'lesson1-sgd': [1, 5, 20],
  'lesson1-sgd-momentum': [1, 5, 20, 50],
  'lesson1-adam': [1, 5, 20],
  'lesson1-adam-slow': [50],
  'lesson1-rmsprop-tf2': [1],
  'lesson1-rmsprop-tf2-slow': [50],
}
const optimizers = ['rmsprop', 'rmsprop-tf2', 'sgd-momentum', 'adam']
const states = optimizers.flatMap((optimizer) => [1, 2, 3, 4, 5].map((i) => `lesson3-${optimizer}-${i}`))
const slow = optimizers.map((optimizer) => `lesson3-${optimizer}-slow`)

/** The start lies as far from Keras' tensor as that has moved: right only if the start is Keras' own. */
function expectKerasStart(golden: ReturnType<typeof loadGolden>, step: number, names: RegExp): void {
  const result = golden.after(step)
  for (const { name, values } of [...golden.initialWeights(), ...golden.initialSlots()]) {
    if (!names.test(name)) continue
    const moved = result.movedDistance(name, values)
    // 13 % of the estimate is one standard deviation; the entries can only add to it.
    expect(moved, name).toBeGreaterThan(0.5)
    expect(moved, name).toBeLessThan(1.6)
  }
}

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

test.each(Object.entries(perceptrons))('%s makes the start weights and batches that Keras had', (name, steps) => {
  const golden = loadGolden(name)
  expect(golden.initialWeights().map((w) => [w.name, w.shape])).toEqual([
    ['dense_1/kernel', [784, 512]],
    ['dense_1/bias', [512]],
    ['dense_2/kernel', [512, 512]],
    ['dense_2/bias', [512]],
    ['dense_3/kernel', [512, 10]],
    ['dense_3/bias', [10]],
  ])
  const length = steps.at(-1) ?? 0
  expect(golden.steps).toBe(length)
  expect(golden.order).toHaveLength(32 * length)
  expect([...golden.order.slice(0, 8)]).toEqual([10327, 11901, 13305, 27477, 55627, 7409, 20191, 14985])
  expect(golden.losses).toHaveLength(length)
  expect(steps.map((step) => golden.after(step).tensors.length % 6)).toEqual(steps.map(() => 0))
  // The last kernel to be drawn: it is right only if all before it are.
  expectKerasStart(golden, steps[0] ?? 0, /^dense_3.kernel$/)
})

test('holds the weights and the slots of each optimizer', () => {
  const kinds = (name: string, step: number, weights: number): string[] => {
    const slots = loadGolden(name).after(step).tensors.slice(weights)
    return [...new Set(slots.map((tensor) => tensor.name.split('/')[2] ?? ''))]
  }
  expect(Object.entries(perceptrons).map(([name, steps]) => kinds(name, steps[0] ?? 0, 6))).toEqual([
    ['velocity'],
    [],
    ['momentum'],
    ['momentum', 'velocity'],
    ['momentum', 'velocity'],
    ['velocity'],
    ['velocity'],
  ])
  const ofNetwork = [['velocity'], ['velocity'], ['momentum'], ['momentum', 'velocity']]
  expect(optimizers.map((optimizer) => kinds(`lesson3-${optimizer}-1`, 1, 22))).toEqual(ofNetwork)
  expect(slow.map((name) => kinds(name, 50, 22))).toEqual(ofNetwork)
})

test.each(states)('%s makes the weights and the slots of the state that Keras started from', (name) => {
  const golden = loadGolden(name)
  const weights = golden.initialWeights()
  const bySpan = (ending: string): number[] => {
    const values = weights.filter((weight) => weight.name.endsWith(ending)).flatMap((weight) => [...weight.values])
    return [Math.min(...values), Math.max(...values)].map((value) => Math.round(value * 10) / 10)
  }
  expect(weights).toHaveLength(22)
  expect(weights.reduce((total, weight) => total + weight.values.length, 0)).toBe(264_049)
  // The ends of the spans, which 150 draws reach to a tenth.
  expect(bySpan('/gamma')).toEqual([0.5, 1.5])
  expect(bySpan('/beta')).toEqual([-0.5, 0.5])
  expect(bySpan('/moving_mean')).toEqual([-0.2, 0.2])
  expect(golden.order).toHaveLength(32)
  expect(golden.iteration).toBe(golden.optimizer.name === 'adam' ? 7 : 0)
  expect(golden.initialSlots()).toHaveLength(golden.optimizer.name === 'adam' ? 32 : 16)
  expect(golden.after(1).compared).toHaveLength(22 + golden.initialSlots().length)
  // The first and the last to be drawn of the weights and of each kind of slot.
  expectKerasStart(golden, 1, /^(conv2d_1|dense_2)/)
})

test('the states are the same for every optimizer, and differ', () => {
  const first = optimizers.map((optimizer) => loadGolden(`lesson3-${optimizer}-1`))
  expect(new Set(first.map(({ losses }) => losses[0])).size).toBe(1)
  const losses = states.map((name) => loadGolden(name).losses[0])
  expect(new Set(losses).size).toBe(5)
})

test.each(slow)('%s starts as Keras does, and compares kernels after 50 steps', (name) => {
  const golden = loadGolden(name)
  const weights = golden.initialWeights()
  const span = (ending: string): number[] => [
    ...new Set(weights.filter((weight) => weight.name.endsWith(ending)).flatMap((weight) => [...weight.values])),
  ]
  expect(['/gamma', '/beta', '/moving_mean', '/moving_variance', '/bias'].map(span)).toEqual([[1], [0], [0], [1], [0]])
  expect(golden.optimizer.learningRate).toBe(1e-5)
  expect(golden.order).toHaveLength(1600)
  expect(golden.initialSlots()).toEqual([])
  expect(golden.after(50).compared.map((tensor) => tensor.name)).toEqual([
    'conv2d_1/kernel',
    'conv2d_2/kernel',
    'conv2d_3/kernel',
    'dense_1/kernel',
    'dense_2/kernel',
  ])
  expectKerasStart(golden, 50, /^dense_2.kernel$/)
})

test("puts a fixture's slots under an engine's names", () => {
  expect(['rms/dense_1/kernel', 'momentum/a/b', 'm/a/b', 'v/a/b', 'iteration', 'rms'].map(goldenSlotName)).toEqual([
    'dense_1/kernel/velocity',
    'a/b/momentum',
    'a/b/momentum',
    'a/b/velocity',
    undefined,
    undefined,
  ])
  const golden = loadGolden('lesson3-adam-1')
  const bias = { shape: [24], values: new Float32Array(24) }
  const state = engineState(
    [
      { name: 'iteration', shape: [], values: Float32Array.of(0) },
      { name: 'm/dense_2/bias', ...bias },
      { name: 'v/dense_2/bias', ...bias },
      { name: 'v/other/bias', ...bias },
    ],
    golden,
  )
  const drawn = (name: string): Float32Array | undefined => golden.initialSlots().find((s) => s.name === name)?.values
  expect(state.map(({ values }) => values)).toEqual([
    Float32Array.of(7),
    drawn('dense_2/bias/momentum'),
    drawn('dense_2/bias/velocity'),
    bias.values,
  ])
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
