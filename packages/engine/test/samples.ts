import '@tensorflow/tfjs-backend-cpu'
import { type ImageDataset, type ModelSpec, RandomState, rmsprop, type TrainingJob, unitRange } from '@gicho/core'
import { initializers, layers, type layers as layerTypes, type Sequential, sequential } from '@tensorflow/tfjs-layers'
import { readModel } from '../src/tfjs/weights.ts'

/** Images of seeded noise with a label each: `classes` of them, 8x8 bytes unless said. */
export function noise(length: number, options: { side?: number; classes?: number; seed?: number } = {}): ImageDataset {
  const { side = 8, classes = 10, seed = 1 } = options
  const random = new RandomState(seed)
  return {
    images: Uint8Array.from({ length: length * side * side }, () => random.randint(0, 256)),
    labels: Uint8Array.from({ length }, () => random.randint(0, classes)),
    length,
    shape: [side, side, 1],
    classNames: Array.from({ length: classes }, (_, label) => String(label)),
    split: 'train',
    source: 'seeded noise',
  }
}

/** 64 -> 16 relu -> dropout -> 10 softmax. */
export function smallModel(): Sequential {
  return sequential({
    layers: [
      layers.dense({ units: 16, activation: 'relu', inputShape: [64], name: 'hidden', kernelInitializer: seeded(1) }),
      layers.dropout({ rate: 0.25, name: 'drop' }),
      layers.dense({ units: 10, activation: 'softmax', name: 'classes', kernelInitializer: seeded(2) }),
    ],
  })
}

/** Lesson 3's network: 264,049 parameters with 24 classes and full widths; narrower for quick tests. */
export function network(widths: readonly [number, number, number] = [75, 50, 25], units = 512): Sequential {
  const [first, second, third] = widths
  const pool = (): layerTypes.Layer => layers.maxPooling2d({ poolSize: 2, strides: 2, padding: 'same' })
  const conv = (filters: number, seed: number): layerTypes.Layer =>
    layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: seeded(seed) })
  return sequential({
    layers: [
      layers.inputLayer({ inputShape: [28, 28, 1] }),
      ...[conv(first, 1), layers.batchNormalization(), pool()],
      ...[conv(second, 2), layers.dropout({ rate: 0.2 }), layers.batchNormalization(), pool()],
      ...[conv(third, 3), layers.batchNormalization(), pool()],
      layers.flatten(),
      layers.dense({ units, activation: 'relu', kernelInitializer: seeded(4) }),
      layers.dropout({ rate: 0.3 }),
      layers.dense({ units: 24, activation: 'softmax', kernelInitializer: seeded(5) }),
    ],
  })
}

/** tfjs-layers takes an initializer of its own by name and settings. */
function seeded(seed: number): NonNullable<Parameters<typeof layers.dense>[0]['kernelInitializer']> {
  return initializers.glorotUniform({ seed })
}

/** A job with the defaults of the lessons: RMSprop, batches of 16 here. */
export function jobFor(model: ModelSpec, changes: Partial<TrainingJob> = {}): TrainingJob {
  const input = unitRange([64])
  return { model, loss: 'categoricalCrossentropy', optimizer: rmsprop(), batchSize: 16, seed: 3, input, ...changes }
}

/** The small model as data, freed from tfjs. */
export async function smallSpec(): Promise<ModelSpec> {
  return specOf(smallModel())
}

/** A model as data; the model itself is disposed. */
export async function specOf(model: Sequential): Promise<ModelSpec> {
  const spec = await readModel(model)
  model.dispose()
  return spec
}

/** The numbers 0..n-1. */
export function rows(n: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, row) => row)
}

/** Norm of the difference over the norm of `expected`; the plain norm where that is zero. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0
  let norm = 0
  for (let i = 0; i < expected.length; i++) {
    difference += ((actual[i] ?? Number.NaN) - (expected[i] ?? 0)) ** 2
    norm += (expected[i] ?? 0) ** 2
  }
  return Math.sqrt(norm === 0 ? difference : difference / norm)
}
