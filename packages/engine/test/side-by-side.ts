import { type ImageDataset, type NamedArray, RandomState, sgd, type TrainingJob, unitRange } from '@gicho/core'
import { wasmEngine } from '@gicho/engine/wasm'
import { type LayersModel, model as layersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { expect } from 'vitest'
import { readModel } from '../src/tfjs/weights.ts'
import { tfjsEngine } from '../src/tfjs.node.ts'
import { distance, rows } from './samples.ts'

/** Seeded bytes of any image shape. */
export function noisyImages(length: number, shape: readonly [number, number, number], classes: number): ImageDataset {
  const random = new RandomState(7)
  const [height, width, channels] = shape
  return {
    images: Uint8Array.from({ length: length * height * width * channels }, () => random.randint(0, 256)),
    labels: Uint8Array.from({ length }, () => random.randint(0, classes)),
    length,
    shape,
    classNames: Array.from({ length: classes }, (_, label) => String(label)),
    split: 'train',
    source: 'seeded noise',
  }
}

export interface SideBySide extends Partial<Omit<TrainingJob, 'model'>> {
  readonly images: readonly [number, number, number]
  readonly classes: number
  readonly learningRate?: number
  readonly steps?: number
  /** Largest distance over norm of any weight or slot. */
  readonly tolerance?: number
  readonly rowsPerStep?: number
  /** The eager engine's; cpu unless said. */
  readonly backend?: 'cpu' | 'wasm'
}

/** Seeded weights: kernels as glorotUniform has them; biases and averages get noise too, for their constants would hide mistakes. */
export function seededWeights(weights: readonly NamedArray[]): NamedArray[] {
  const random = new RandomState(11)
  return weights.map((weight) => {
    const outputs = weight.shape.at(-1) ?? 1
    const limit = Math.sqrt(6 / (weight.values.length / outputs + outputs))
    const draw = (): number => {
      const value = random.random()
      if (/kernel/.test(weight.name)) return (2 * value - 1) * limit
      return /variance|gamma/.test(weight.name) ? 0.5 + value : value - 0.5
    }
    return { ...weight, values: weight.values.map(draw) }
  })
}

/** A functional model by its input and output. */
export function functional(inputs: SymbolicTensor, outputs: unknown): LayersModel {
  return layersModel({ inputs, outputs: outputs as SymbolicTensor })
}

/**
 * Trains a model on the compiled and on the eager engine from the same weights and holds the one to the other: what the first
 * predicts before and after, losses, every weight, every slot. The model is disposed.
 */
export async function expectSame(model: LayersModel, options: SideBySide): Promise<void> {
  const {
    images,
    classes,
    learningRate = 0.5,
    steps = 1,
    tolerance = 2e-4,
    rowsPerStep = 3,
    backend = 'cpu',
    ...changes
  } = options
  const spec = await readModel(model)
  const shape = model.inputs[0]?.shape.slice(1).map(Number) ?? []
  model.dispose()
  const weights = seededWeights(spec.weights)
  const job: TrainingJob = {
    model: { ...spec, weights },
    loss: 'categoricalCrossentropy',
    optimizer: sgd(),
    batchSize: rowsPerStep,
    seed: 5,
    input: unitRange(shape),
    ...changes,
  }
  const train = noisyImages(rowsPerStep * steps, images, classes)
  const results = []
  for (const engine of [wasmEngine({ threads: 2 }), tfjsEngine({ backend })]) {
    expect(engine.supports(job)).toEqual([])
    const session = await engine.open(job, { train, validation: { ...train, split: 'test' } })
    const before = await session.predict(train.images)
    const evaluated = await session.evaluate('test')
    const sums = await session.train({ order: rows(train.length), firstStep: 3, learningRate })
    const arrays = [...(await session.readWeights()), ...(await session.readOptimizer())]
    results.push({ before, evaluated, sums, arrays, after: await session.predict(train.images) })
    await session.dispose()
  }
  const [compiled, eager] = results
  if (!compiled || !eager) throw new Error('two engines ran')
  expect(distance(compiled.before, eager.before), 'outputs').toBeLessThan(tolerance)
  expect(Math.abs(compiled.evaluated.loss / eager.evaluated.loss - 1), 'evaluated loss').toBeLessThan(tolerance)
  expect(Math.abs(compiled.sums.loss / eager.sums.loss - 1), 'loss').toBeLessThan(tolerance)
  expect(compiled.sums.correct).toBe(eager.sums.correct)
  expect(compiled.arrays.map(({ name }) => name)).toEqual(eager.arrays.map(({ name }) => name))
  for (const [i, { name, values }] of compiled.arrays.entries()) {
    const start = weights.find((weight) => weight.name === name)?.values
    const expected = eager.arrays[i]?.values ?? []
    expect(distance(values, expected), name).toBeLessThan(tolerance)
    // The change of a weight is what the gradient made; it must be right by itself.
    if (start) {
      const change = (to: ArrayLike<number>) => Array.from(start, (value, k) => (to[k] ?? Number.NaN) - value)
      const [got, wanted] = [change(values), change(expected)]
      const norm = Math.hypot(...wanted)
      const reach = Math.hypot(...start)
      // Below this a change is rounding alone.
      if (norm > 1e-3 * reach) expect(distance(got, wanted), `change of ${name}`).toBeLessThan(tolerance * 20)
    }
  }
  expect(distance(compiled.after, eager.after), 'outputs after').toBeLessThan(tolerance * 5)
}

/**
 * Holds the compiled engine's gradient of each weight to the slope of its loss: along the gradient itself, and along a random
 * direction. Steps are large enough for float32 losses and small enough for curvature, so one percent is what can be asked.
 */
export async function expectGradient(job: TrainingJob, train: ImageDataset): Promise<void> {
  const session = await wasmEngine({ threads: 1 }).open({ ...job, optimizer: sgd() }, { train })
  const start = await session.readWeights()
  await session.train({ order: rows(train.length), firstStep: 0, learningRate: 1 })
  const after = await session.readWeights()
  const random = new RandomState(3)
  for (const [i, { name, values }] of start.entries()) {
    if (/moving_/.test(name)) continue
    const gradient = Float64Array.from(values, (value, k) => value - (after[i]?.values[k] ?? Number.NaN))
    const norm = Math.hypot(...gradient)
    const chance = Float64Array.from(values, () => random.random() - 0.5)
    for (const direction of [gradient, chance]) {
      const length = Math.hypot(...direction)
      if (length === 0) continue
      const lossAt = async (step: number): Promise<number> => {
        const moved = values.map((value, k) => value + (step * (direction[k] ?? 0)) / length)
        await session.writeWeights(start.map((weight, at) => (at === i ? { ...weight, values: moved } : weight)))
        return (await session.evaluate('train')).loss / train.length
      }
      const step = 1e-2
      const slope = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step)
      const expected = gradient.reduce((total, g, k) => total + (g * (direction[k] ?? 0)) / length, 0)
      expect(Math.abs(slope - expected), `slope of ${name}: ${slope} against ${expected}`).toBeLessThan(
        0.01 * norm + 1e-4,
      )
    }
  }
  await session.dispose()
}
