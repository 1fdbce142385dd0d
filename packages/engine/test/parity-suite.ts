/* Holds an engine to the networks of fixtures/parity.json: what Keras predicts, loses and trains. tools/golden/parity.py writes it. */
import { readFileSync } from 'node:fs'
import {
  type Engine,
  type ImageDataset,
  type ImageShape,
  type ModelSpec,
  type NamedArray,
  type OptimizerConfig,
  type TrainingJob,
  unitRange,
} from '@gicho/core'
import { expect, test } from 'vitest'
import { distance, rows } from './samples.ts'

interface Case {
  readonly name: string
  /** The layer whose weights don't move by a bit. */
  readonly still: string | null
  readonly topology: Readonly<Record<string, unknown>>
  readonly weights: readonly { readonly name: string; readonly shape: number[]; readonly values: number[] }[]
  readonly optimizer: OptimizerConfig
  readonly batchSize: number
  readonly shape: ImageShape
  readonly images: readonly number[]
  readonly labels: readonly number[]
  readonly outputs: readonly number[]
  readonly evaluated: number
  /** Summed over the samples of all steps. */
  readonly loss: number
  readonly after: readonly (readonly number[])[]
  readonly outputsAfter: readonly number[]
}

const CLASSES = 3
// Sums of some tens of float32 products, and a step of rate 1/2 behind them.
const TOLERANCE = 2e-5

const parityCases: readonly Case[] = JSON.parse(
  readFileSync(new URL('../fixtures/parity.json', import.meta.url), 'utf8'),
).cases

function specOfCase({ topology, weights }: Case): ModelSpec {
  const arrays = weights.map(({ name, shape, values }) => ({ name, shape, values: Float32Array.from(values) }))
  return { topology, weights: arrays }
}

function dataOfCase({ images, labels, shape }: Case): ImageDataset {
  return {
    images: Uint8Array.from(images),
    labels: Uint8Array.from(labels),
    length: labels.length,
    shape,
    classNames: Array.from({ length: CLASSES }, (_, label) => String(label)),
    split: 'train',
    source: 'seeded noise',
  }
}

function jobOfCase(one: Case, changes: Partial<TrainingJob> = {}): TrainingJob {
  const { optimizer, batchSize, shape } = one
  const input = unitRange(shape)
  return { model: specOfCase(one), loss: 'categoricalCrossentropy', optimizer, batchSize, seed: 1, input, ...changes }
}

/** How far weights have come from where Keras brings them. */
function expectWeights(one: Case, got: readonly NamedArray[]): void {
  for (const [i, { name, values }] of one.weights.entries()) {
    const actual = got.find((weight) => weight.name === name)?.values ?? []
    expect(distance(actual, one.after[i] ?? []), name).toBeLessThan(TOLERANCE)
    const change = (to: ArrayLike<number>) => values.map((value, k) => (to[k] ?? Number.NaN) - Math.fround(value))
    const wanted = change(one.after[i] ?? [])
    const norm = Math.hypot(...wanted)
    if (name.startsWith(`${one.still}/`)) expect(Math.hypot(...change(actual)), `change of ${name}`).toBe(0)
    else if (norm > 1e-3 * Math.hypot(...values))
      expect(distance(change(actual), wanted), `change of ${name}`).toBeLessThan(TOLERANCE * 20)
  }
}

async function expectLikeKeras(engine: Engine, one: Case, changes: Partial<TrainingJob> = {}): Promise<void> {
  const job = jobOfCase(one, changes)
  const train = dataOfCase(one)
  expect(engine.supports(job)).toEqual([])
  const session = await engine.open(job, { train, validation: { ...train, split: 'test' } })
  expect(distance(await session.predict(train.images), one.outputs), 'outputs').toBeLessThan(TOLERANCE)
  const evaluated = await session.evaluate('test')
  expect(Math.abs(evaluated.loss / train.length / one.evaluated - 1), 'evaluated loss').toBeLessThan(TOLERANCE)
  const { learningRate } = one.optimizer
  const sums = await session.train({ order: rows(train.length), firstStep: 0, learningRate })
  expect(Math.abs(sums.loss / one.loss - 1), 'loss').toBeLessThan(TOLERANCE)
  expectWeights(one, await session.readWeights())
  expect(distance(await session.predict(train.images), one.outputsAfter), 'outputs after').toBeLessThan(TOLERANCE * 20)
  await session.dispose()
}

/** Every case but those that an engine refuses by name; `chosen` leaves out the others. */
export function describeParity(engine: Engine, refused: RegExp | undefined, chosen: RegExp = /^/): void {
  for (const one of parityCases) {
    if (!chosen.test(one.name)) continue
    test(`${one.name}: Keras' numbers`, async () => {
      if (refused?.test(one.name)) expect(engine.supports(jobOfCase(one))).not.toEqual([])
      else await expectLikeKeras(engine, one)
    })
  }
}
