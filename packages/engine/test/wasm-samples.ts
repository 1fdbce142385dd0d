import '@tensorflow/tfjs-backend-cpu'
import {
  type Engine,
  type ImageDataset,
  type ImageShape,
  type ModelSpec,
  type NamedArray,
  RandomState,
  type Session,
  sgd,
  sizeOf,
  type TrainingJob,
  unitRange,
} from '@gicho/core'
import { layers, type layers as layerTypes, type Sequential, sequential } from '@tensorflow/tfjs-layers'
import { jobFor, rows, specOf } from './samples.ts'

export type Layer = layerTypes.Layer

/** Seeded noise of any shape. */
export function images(shape: ImageShape, length: number, classes: number, seed = 1): ImageDataset {
  const random = new RandomState(seed)
  return {
    images: Uint8Array.from({ length: length * sizeOf(shape) }, () => random.randint(0, 256)),
    labels: Uint8Array.from({ length }, () => random.randint(0, classes)),
    length,
    shape,
    classNames: Array.from({ length: classes }, (_, label) => String(label)),
    split: 'train',
    source: 'seeded noise',
  }
}

/** A sequential model as data; weights drawn from `seed`, none of them zero, so that every one of them shows. */
export async function drawnSpec(inputShape: readonly number[], list: readonly Layer[], seed = 1): Promise<ModelSpec> {
  const model: Sequential = sequential({ layers: [layers.inputLayer({ inputShape: [...inputShape] }), ...list] })
  const spec = await specOf(model)
  const random = new RandomState(seed)
  const weights = spec.weights.map(({ name, shape }) => {
    const kernel = name.endsWith('/kernel')
    const spread = kernel ? Math.sqrt(3 / sizeOf(shape.slice(0, -1))) : 0.2
    const centre = /gamma|moving_variance/.test(name) ? 1 : 0
    const values = Float32Array.from({ length: sizeOf(shape) }, () => centre + random.uniform(-spread, spread))
    return { name, shape, values }
  })
  return { ...spec, weights }
}

/** A job of plain SGD over one batch of all of `data`. */
export function stepJob(model: ModelSpec, data: ImageDataset, changes: Partial<TrainingJob> = {}): TrainingJob {
  return jobFor(model, { optimizer: sgd(), batchSize: data.length, input: unitRange(data.shape), ...changes })
}

export interface StepResult {
  readonly loss: number
  readonly correct: number
  readonly weights: readonly NamedArray[]
  /** Loss over the data after the step, as the model is used then. */
  readonly evaluated: number
  readonly outputs: Float32Array
}

/** One step over all of `data`. */
export async function oneStep(engine: Engine, job: TrainingJob, data: ImageDataset, rate: number): Promise<StepResult> {
  const session = await engine.open(job, { train: data })
  try {
    const { loss, correct } = await session.train({ order: rows(data.length), firstStep: 0, learningRate: rate })
    const weights = await session.readWeights()
    const evaluated = (await session.evaluate('train')).loss
    return { loss, correct, weights, evaluated, outputs: await session.predict(data.images) }
  } finally {
    await session.dispose()
  }
}

/** A weight of a list. */
export function valuesOf(weights: readonly NamedArray[], name: string): Float32Array {
  return weights.find((weight) => weight.name === name)?.values ?? new Float32Array(0)
}

/** Norm of a - b. */
export function gap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < b.length; i++) sum += ((a[i] ?? Number.NaN) - (b[i] ?? 0)) ** 2
  return Math.sqrt(sum)
}

/** The 32 bits of every value, mixed into one word: equal arrays have equal ones. */
export function bitsOf(arrays: readonly NamedArray[]): string {
  let hash = 0x811c9dc5
  for (const { values } of arrays) {
    for (const word of new Uint32Array(values.buffer, values.byteOffset, values.length)) {
      hash = Math.imul(hash ^ word, 0x01000193)
      hash ^= hash >>> 15
    }
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}

/** Opens, uses and disposes a session. */
export async function withSession<T>(
  engine: Engine,
  job: TrainingJob,
  data: ImageDataset,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await engine.open(job, { train: data })
  try {
    return await use(session)
  } finally {
    await session.dispose()
  }
}
