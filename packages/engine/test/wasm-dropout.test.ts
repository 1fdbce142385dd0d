import { dropoutMask, type NamedArray, sgd } from '@gicho/core'
import { layers } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { wasmEngine } from '../dist/wasm.node.js'
import { rows } from './samples.ts'
import { drawnSpec, images, stepJob, valuesOf, withSession } from './wasm-samples.ts'

const FEATURES = 1000
const ROWS = 4
const CLASSES = ROWS + 1
const SEED = 11

/**
 * The masks [step][row * FEATURES + feature] of two dropout layers one after the other, read off a training step: inputs of 1 and
 * kernels of 0 leave dW[feature, class] = (sum of the masks / CLASSES - the mask of the row with that label) / ROWS.
 */
async function masks(rates: readonly [number, number], steps: number): Promise<Float64Array[]> {
  const spec = await drawnSpec(
    [FEATURES],
    [
      ...rates.map((rate) => layers.dropout({ rate })),
      layers.dense({ units: CLASSES, activation: 'softmax', name: 'last' }),
    ],
  )
  const zeros: NamedArray[] = spec.weights.map(({ name, shape, values }) => ({
    name,
    shape,
    values: values.map(() => 0),
  }))
  const noise = images([1, 1, FEATURES], ROWS, CLASSES)
  const data = { ...noise, images: noise.images.fill(255), labels: Uint8Array.of(0, 1, 2, 3) }
  const input = { shape: [FEATURES], scale: 1 / 255, offset: 0 }
  const job = stepJob({ ...spec, weights: zeros }, data, { optimizer: sgd(), seed: SEED, input })
  return withSession(wasmEngine({ threads: 2 }), job, data, async (session) => {
    const all: Float64Array[] = []
    for (let step = 0; step < steps; step++) {
      await session.writeWeights(zeros)
      await session.train({ order: rows(ROWS), firstStep: step, learningRate: 1 })
      const moved = valuesOf(await session.readWeights(), 'last/kernel')
      const at = (feature: number, label: number): number => -ROWS * (moved[feature * CLASSES + label] ?? 0)
      const mask = Float64Array.from({ length: ROWS * FEATURES }, (_, i) => {
        const [row, feature] = [Math.floor(i / FEATURES), i % FEATURES]
        return at(feature, ROWS) - at(feature, row)
      })
      all.push(mask)
    }
    return all
  })
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = Math.min(a.length, b.length)
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0]
  for (let i = 0; i < n; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0]
    sumA += x
    sumB += y
    squareA += x * x
    squareB += y * y
    product += x * y
  }
  return (product - (sumA * sumB) / n) / Math.sqrt((squareA - sumA ** 2 / n) * (squareB - sumB ** 2 / n))
}

/** Four standard deviations of a correlation of `n` independent pairs. */
const chance = (n: number): number => 4 / Math.sqrt(n)

test.each([0.1, 0.25, 0.5, 0.8])(
  'at rate %d as many are dropped, and the kept are scaled by 1 / (1 - rate)',
  async (rate) => {
    const drawn = (await masks([rate, 0], 10)).flatMap((mask) => [...mask])
    const kept = drawn.filter((value) => value > 0.5)
    const dropped = drawn.length - kept.length
    expect(Math.abs(dropped / drawn.length - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / drawn.length))
    for (const value of kept) expect(value).toBeCloseTo(1 / (1 - rate), 4)
    for (const value of drawn) if (value <= 0.5) expect(value).toBeCloseTo(0, 5)
  },
)

test('a rate of 0 drops nothing', async () => {
  for (const value of (await masks([0, 0], 1))[0] ?? []) expect(value).toBeCloseTo(1, 5)
})

test('the masks are those that every engine draws', async () => {
  const key = { seed: SEED, stream: 0 }
  for (const [step, mask] of (await masks([0.3, 0], 3)).entries()) {
    const expected = dropoutMask({ ...key, step }, ROWS, FEATURES, 0.3)
    for (const [i, value] of mask.entries()) expect(value).toBeCloseTo(expected[i] ?? -1, 4)
  }
  const [second] = await masks([0, 0.3], 1)
  const expected = dropoutMask({ seed: SEED, stream: 1, step: 0 }, ROWS, FEATURES, 0.3)
  for (const [i, value] of second?.entries() ?? []) expect(value).toBeCloseTo(expected[i] ?? -1, 4)
})

test('masks of steps, layers, rows and elements are independent', async () => {
  const first = await masks([0.5, 0], 8)
  const other = await masks([0, 0.5], 8)
  const n = ROWS * FEATURES
  for (let step = 1; step < 8; step++) {
    expect(Math.abs(correlation(first[0] ?? [], first[step] ?? []))).toBeLessThan(chance(n))
    expect(Math.abs(correlation(first[step] ?? [], other[step] ?? []))).toBeLessThan(chance(n))
  }
  const all = first.flatMap((mask) => [...mask])
  for (const lag of [1, 2, 3, 4, 16, FEATURES]) {
    expect(Math.abs(correlation(all, all.slice(lag))), `${lag} apart`).toBeLessThan(chance(all.length - lag))
  }
})

test('evaluating and predicting drop nothing', async () => {
  const spec = await drawnSpec([64], [layers.dropout({ rate: 0.9 }), layers.dense({ units: 3, activation: 'softmax' })])
  const bare = await drawnSpec([64], [layers.dense({ units: 3, activation: 'softmax' })])
  const data = images([1, 1, 64], 20, 3)
  const outputs = (model: typeof spec): Promise<Float32Array> =>
    withSession(
      wasmEngine({ threads: 1 }),
      stepJob(
        { ...model, weights: model.weights.map((w, i) => ({ ...w, values: spec.weights[i]?.values ?? w.values })) },
        data,
        {
          input: { shape: [64], scale: 1 / 255, offset: 0 },
        },
      ),
      data,
      (session) => session.predict(data.images),
    )
  expect(await outputs(spec)).toEqual(await outputs(bare))
})
