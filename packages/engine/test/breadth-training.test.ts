import {
  adam,
  adamw,
  type LossName,
  type NamedArray,
  type OptimizerConfig,
  rmsprop,
  sgd,
  type TrainingJob,
  unitRange,
} from '@gicho/core'
import { wasmEngine } from '@gicho/engine/wasm'
import { constraints, layers, type layers as layerTypes, regularizers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { tfjsEngine } from '../src/tfjs.node.ts'
import { distance, rows, specOf } from './samples.ts'
import { expectGradient, expectSame, noisyImages, seededWeights } from './side-by-side.ts'

const images = [6, 5, 3] as const

/** A small network that ends as it is told. */
function network(last: Parameters<typeof layers.dense>[0], ...middle: readonly layerTypes.Layer[]) {
  return sequential({
    layers: [
      layers.conv2d({ filters: 5, kernelSize: 3, inputShape: [...images], activation: 'tanh', name: 'conv' }),
      ...middle,
      layers.flatten(),
      layers.dense({ ...last, name: 'last' }),
    ],
  })
}

async function jobOf(
  last: Parameters<typeof layers.dense>[0],
  changes: Partial<TrainingJob> = {},
): Promise<TrainingJob> {
  const spec = await specOf(network(last))
  const model = { ...spec, weights: seededWeights(spec.weights) }
  return {
    model,
    loss: 'categoricalCrossentropy',
    optimizer: sgd(),
    batchSize: 6,
    seed: 1,
    input: unitRange([...images]),
    ...changes,
  }
}

describe('rules of weights', () => {
  test('L1 and L2 penalties count in the loss and in the gradient, as on the eager engine', async () => {
    const l1 = () => regularizers.l1({ l1: 0.02 })
    const both = () => regularizers.l1l2({ l1: 0.01, l2: 0.03 })
    for (const optimizer of [sgd(), rmsprop({ epsilon: 1e-3 })]) {
      const model = sequential({
        layers: [
          layers.conv2d({
            filters: 5,
            kernelSize: 3,
            inputShape: [...images],
            kernelRegularizer: both(),
            biasRegularizer: l1(),
          }),
          layers.separableConv2d({
            filters: 3,
            kernelSize: 2,
            depthwiseRegularizer: both(),
            pointwiseRegularizer: l1(),
          }),
          layers.flatten(),
          layers.dense({ units: 13, kernelRegularizer: 'l1l2', biasRegularizer: regularizers.l2({ l2: 0.1 }) }),
          layers.dense({ units: 4, activation: 'softmax', kernelRegularizer: l1() }),
        ],
      })
      await expectSame(model, { images, classes: 4, optimizer, steps: 3, learningRate: 0.05 })
    }
  })

  /** tfjs' types know a single axis only, its sums several. */
  const maxNorm = (maxValue: number, axis: unknown) => constraints.maxNorm({ maxValue, axis: axis as number })

  test('max-norm holds the filters of Conv2D, the columns of Dense, and biases, as on the eager engine', async () => {
    const model = sequential({
      layers: [
        layers.conv2d({
          filters: 5,
          kernelSize: 3,
          inputShape: [...images],
          kernelConstraint: maxNorm(0.9, [0, 1, 2]),
          biasConstraint: constraints.maxNorm({ maxValue: 1.2, axis: 0 }),
        }),
        layers.flatten(),
        layers.dense({ units: 13, kernelConstraint: constraints.maxNorm({ maxValue: 1.7, axis: 0 }) }),
        layers.dense({
          units: 4,
          activation: 'softmax',
          kernelConstraint: constraints.maxNorm({ maxValue: 1.7, axis: 0 }),
        }),
      ],
    })
    await expectSame(model, { images, classes: 4, steps: 3, learningRate: 1, tolerance: 1e-3 })
  })

  test('other penalties and constraints are named', async () => {
    const job = await jobOf({ units: 4, activation: 'softmax', kernelConstraint: 'nonNeg' })
    expect(wasmEngine().supports(job)).toMatchObject([
      { message: "kernel_constraint NonNeg isn't compiled: only MaxNorm" },
    ])
  })

  test.each([
    ['Dense', 0, undefined],
    ['Dense', [-2], undefined],
    ['Dense', 1, '[0]'],
    ['Dense', [0, 1], '[0]'],
    ['Conv2D', [0, 1, 2], undefined],
    ['Conv2D', [-2, -4, -3], undefined],
    ['Conv2D', 0, '[0,1,2]'],
    ['Conv2D', [0, 1], '[0,1,2]'],
  ])('max-norm of a kernel of %s over axis %j is taken, or named', async (type, axis, wanted) => {
    const kernelConstraint = maxNorm(1, axis)
    const conv = layers.conv2d({ filters: 4, kernelSize: [6, 5], kernelConstraint, inputShape: [...images] })
    const dense = layers.dense({ units: 4, kernelConstraint, inputShape: [90] })
    const [first, flat] = type === 'Dense' ? [dense, []] : [conv, [layers.flatten()]]
    const spec = await specOf(sequential({ layers: [first, ...flat, layers.softmax()] }))
    const messages = wasmEngine()
      .supports({ ...(await jobOf({ units: 4, activation: 'softmax' })), model: spec })
      .map(({ message }) => message)
    const given = JSON.stringify(axis)
    const sentence = `kernel_constraint: MaxNorm over axis ${given} isn't compiled: only over ${wanted}`
    expect(messages).toEqual(wanted ? [sentence] : [])
  })
})

describe('losses', () => {
  interface Case {
    readonly loss: LossName
    readonly units: number
    readonly activation: 'softmax' | 'sigmoid' | 'linear'
    readonly labelSmoothing?: number
    readonly classes?: number
  }
  const cases: readonly Case[] = [
    { loss: 'sparseCategoricalCrossentropy', units: 5, activation: 'softmax' },
    { loss: 'categoricalCrossentropy', units: 5, activation: 'softmax', labelSmoothing: 0.2 },
    { loss: 'binaryCrossentropy', units: 1, activation: 'sigmoid', classes: 2 },
    { loss: 'binaryCrossentropy', units: 1, activation: 'sigmoid', classes: 2, labelSmoothing: 0.1 },
    { loss: 'binaryCrossentropy', units: 5, activation: 'sigmoid' },
    { loss: 'meanSquaredError', units: 1, activation: 'linear', classes: 4 },
    { loss: 'meanSquaredError', units: 5, activation: 'softmax' },
    // Outputs between the targets: no finite difference steps over an edge of the loss.
    { loss: 'meanAbsoluteError', units: 5, activation: 'sigmoid' },
  ]

  /** The loss of one row of outputs by its definition, in float64. */
  function lossOf({ loss, labelSmoothing: s = 0 }: Case, outputs: readonly number[], label: number): number {
    const n = outputs.length
    const target = outputs.map((_, c) => (n === 1 ? label : c === label ? 1 : 0))
    const mean = (f: (y: number, t: number) => number) =>
      outputs.reduce((sum, y, c) => sum + f(y, target[c] ?? 0), 0) / n
    switch (loss) {
      case 'categoricalCrossentropy':
      case 'sparseCategoricalCrossentropy':
        return n * mean((y, t) => -(t * (1 - s) + s / n) * Math.log(y))
      case 'binaryCrossentropy':
        return mean((y, t) => {
          const smooth = t * (1 - s) + s / 2
          return -smooth * Math.log(y) - (1 - smooth) * Math.log(1 - y)
        })
      case 'meanSquaredError':
        return mean((y, t) => (y - t) ** 2)
      case 'meanAbsoluteError':
        return mean((y, t) => Math.abs(y - t))
      default:
        return loss satisfies never
    }
  }

  test.each(cases)('$loss of $units outputs is what its definition says, and its gradient its slope', async (one) => {
    const { loss, units, activation, labelSmoothing = 0, classes = 5 } = one
    const job = await jobOf({ units, activation }, { loss, labelSmoothing, batchSize: 7 })
    const train = noisyImages(7, images, classes)
    expect(wasmEngine().supports(job)).toEqual([])
    const session = await wasmEngine({ threads: 2 }).open(job, { train })
    const outputs = await session.predict(train.images)
    const sums = await session.evaluate('train')
    let expected = 0
    let correct = 0
    train.labels.forEach((label, row) => {
      const own = [...outputs.subarray(row * units, (row + 1) * units)]
      expected += lossOf(one, own, label)
      const guess = units === 1 ? ((own[0] ?? 0) > 0.5 ? 1 : 0) : own.indexOf(Math.max(...own))
      if (guess === label) correct++
    })
    expect(sums.loss / expected).toBeCloseTo(1, 4)
    expect(sums.correct).toBe(correct)
    await session.dispose()
    await expectGradient(job, train)
  })

  test('sample weights scale every loss', async () => {
    for (const { loss, units, activation, classes = 5 } of cases) {
      const job = await jobOf({ units, activation }, { loss })
      const train = noisyImages(6, images, classes)
      const results: { sum: number; weights: NamedArray[] }[] = []
      for (const [weight, rate] of [
        [3, 0.01],
        [1, 0.03],
      ] as const) {
        const session = await wasmEngine({ threads: 1 }).open(job, { train })
        const sampleWeights = new Float32Array(6).fill(weight)
        const { loss: sum } = await session.train({ order: rows(6), firstStep: 0, learningRate: rate, sampleWeights })
        results.push({ sum: sum / weight, weights: await session.readWeights() })
        await session.dispose()
      }
      expect((results[0]?.sum ?? 0) / (results[1]?.sum ?? 1)).toBeCloseTo(1, 5)
      results[0]?.weights.forEach(({ values }, i) => {
        expect(distance(values, results[1]?.weights[i]?.values ?? [])).toBeLessThan(1e-6)
      })
    }
  })

  test('a loss whose final activation is missing, and labels outside, are refused', async () => {
    const job = await jobOf({ units: 1, activation: 'linear' }, { loss: 'binaryCrossentropy' })
    expect(wasmEngine().supports(job)[0]?.message).toContain('the last layer must end in a sigmoid')
    expect(tfjsEngine().supports(job)[0]?.message).toContain('the model does not end in sigmoid')
    const right = await jobOf({ units: 1, activation: 'sigmoid' }, { loss: 'binaryCrossentropy' })
    const opening = wasmEngine({ threads: 1 }).open(right, { train: noisyImages(20, images, 3) })
    await expect(opening).rejects.toMatchObject({ code: 'bad-data' })
    const smoothed = await jobOf({ units: 4 }, { loss: 'meanSquaredError', labelSmoothing: 0.1 })
    for (const engine of [wasmEngine(), tfjsEngine()]) {
      const said = (job: TrainingJob) => engine.supports(job).map(({ message }) => message)
      expect(said(smoothed)).toEqual(['meanSquaredError knows no label smoothing'])
      expect(said({ ...smoothed, labelSmoothing: 1 })).toEqual(['expected a number in [0, 1), got 1'])
    }
  })
})

describe('the update as a pass of its own', () => {
  const train = noisyImages(12, images, 4)
  const last = { units: 4, activation: 'softmax' } as const

  async function trained(
    optimizer: OptimizerConfig,
    options: { steps?: number; batchSize?: number; onGradients?: (g: Float32Array) => void } = {},
  ) {
    const { steps = 1, batchSize = 6, ...engine } = options
    const job = await jobOf(last, { optimizer, batchSize })
    const { model } = job
    const session = await wasmEngine({ threads: 2, ...engine }).open(job, { train })
    const { learningRate } = optimizer
    await session.train({ order: rows(steps * batchSize), firstStep: 0, learningRate })
    const weights = await session.readWeights()
    const state = await session.readOptimizer()
    await session.dispose()
    return { start: model.weights, weights, state }
  }

  async function gradients(): Promise<Float64Array[]> {
    const { start, weights } = await trained(sgd({ learningRate: 1 }))
    return start.map(({ values }, i) => Float64Array.from(values, (value, k) => value - (weights[i]?.values[k] ?? 0)))
  }

  /** Holds a step of SGD at rate 1 to `change(gradients)`. */
  async function expectStep(
    options: Parameters<typeof sgd>[0],
    change: (all: Float64Array[]) => Float64Array[],
  ): Promise<void> {
    const wanted = change(await gradients())
    const { start, weights } = await trained(sgd({ learningRate: 1, ...options }))
    weights.forEach(({ name, values }, i) => {
      const step = Float64Array.from(values, (value, k) => (start[i]?.values[k] ?? 0) - value)
      // A step is a difference of float32 weights, some of them a hundred times larger.
      expect(distance(step, wanted[i] ?? []), name).toBeLessThan(1e-4)
    })
  }

  test('clips each gradient by its norm', () =>
    expectStep({ clipNorm: 0.05 }, (all) =>
      all.map((g) => g.map((value) => (value * 0.05) / Math.max(0.05, Math.hypot(...g)))),
    ))

  test('clips all gradients by their global norm, and leaves short ones alone', async () => {
    const scaled = (limit: number) => (all: Float64Array[]) => {
      const norm = Math.hypot(...all.map((g) => Math.hypot(...g)))
      return all.map((g) => g.map((value) => value * Math.min(1, limit / norm)))
    }
    await expectStep({ globalClipNorm: 0.02 }, scaled(0.02))
    await expectStep({ globalClipNorm: 1e3 }, scaled(1e3))
  })

  test('clips each value', () =>
    expectStep({ clipValue: 0.004 }, (all) =>
      all.map((g) => g.map((value) => Math.max(-0.004, Math.min(0.004, value)))),
    ))

  test.each([adam({ epsilon: 1e-3 }), adamw({ epsilon: 1e-3 }), sgd({ momentum: 0.9 })])(
    'three steps of $name over four rows each are one over twelve',
    async (optimizer) => {
      const parts = await trained({ ...optimizer, accumulationSteps: 3 }, { steps: 3, batchSize: 4 })
      const whole = await trained(optimizer, { batchSize: 12 })
      parts.weights.forEach(({ name, values }, i) => {
        expect(distance(values, whole.weights[i]?.values ?? []), name).toBeLessThan(1e-5)
      })
      expect(parts.state.map(({ name }) => name)).toEqual(whole.state.map(({ name }) => name))
      parts.state.forEach(({ name, values }, i) => {
        expect(distance(values, whole.state[i]?.values ?? []), name).toBeLessThan(1e-4)
      })
    },
  )

  test('nothing moves before the last of the accumulated steps', async () => {
    const { start, weights } = await trained(sgd({ accumulationSteps: 3 }), { steps: 2, batchSize: 4 })
    expect(weights).toEqual(start)
  })

  test('a hook sees the gradients between step and update, and what it makes of them counts', async () => {
    const plain = await trained(adam({ learningRate: 0.01 }), { steps: 2 })
    const seen: number[] = []
    const hooked = await trained(adam({ learningRate: 0.01 }), {
      steps: 2,
      onGradients: (all) => void seen.push(all.length),
    })
    expect(seen).toHaveLength(2)
    expect(seen[0]).toBeGreaterThanOrEqual(plain.weights.reduce((total, { values }) => total + values.length, 0))
    // The same sums in the same order: the same bits.
    expect(hooked.weights).toEqual(plain.weights)
    const halved = await trained(sgd({ learningRate: 0.2 }), {
      onGradients: (all) => all.set(all.map((g) => g / 2)),
    })
    const slow = await trained(sgd({ learningRate: 0.1 }))
    halved.weights.forEach(({ values }, i) => {
      expect(distance(values, slow.weights[i]?.values ?? [])).toBeLessThan(1e-6)
    })
  })

  test('penalties and constraints work there as in the fused update', async () => {
    const model = () =>
      network({
        units: 4,
        activation: 'softmax',
        kernelRegularizer: regularizers.l2({ l2: 0.1 }),
        kernelConstraint: constraints.maxNorm({ maxValue: 0.5, axis: 0 }),
      })
    const unseeded = await specOf(model())
    const spec = { ...unseeded, weights: seededWeights(unseeded.weights) }
    const results: { loss: number; weights: NamedArray[] }[] = []
    for (const clip of [{}, { globalClipNorm: 1e6 }]) {
      const job = { ...(await jobOf(last)), model: spec, optimizer: sgd({ ...clip }) }
      const session = await wasmEngine({ threads: 2 }).open(job, { train })
      const sums = await session.train({ order: rows(12), firstStep: 0, learningRate: 0.3 })
      results.push({ loss: sums.loss, weights: await session.readWeights() })
      await session.dispose()
    }
    expect(results[1]?.loss).toBeCloseTo(results[0]?.loss ?? 0, 4)
    results[0]?.weights.forEach(({ values }, i) => {
      expect(distance(values, results[1]?.weights[i]?.values ?? [])).toBeLessThan(1e-6)
    })
  })

  test.each([wasmEngine(), tfjsEngine({ backend: 'cpu' })])('$name names impossible settings', async (engine) => {
    const job = await jobOf(last)
    const issues = (optimizer: OptimizerConfig) => engine.supports({ ...job, optimizer }).map(({ message }) => message)
    expect(issues(sgd({ clipNorm: 1, clipValue: 1 }))).toEqual([
      'expected at most one of clipNorm, globalClipNorm and clipValue',
    ])
    expect(issues(sgd({ clipNorm: -1 }))).toEqual(['expected a clip above 0, got -1'])
    expect(issues(sgd({ accumulationSteps: 1.5 }))).toEqual(['expected whole accumulationSteps >= 1, got 1.5'])
  })
})
