import {
  type Augmentation,
  DRAW_NUMBERS,
  type Engine,
  ImageRenderer,
  type ImageShape,
  type ModelSpec,
  RandomState,
  renderImages,
  sgd,
  sizeOf,
  unchangedDraw,
} from '@gicho/core'
import { layers } from '@tensorflow/tfjs-layers'
import { byteValues } from '../src/session/byte-values.ts'
import { jobFor } from './samples.ts'
import { drawnSpec, images, withSession } from './wasm-samples.ts'

/** Rotation, zoom and shift by up to `reach`, flips: a table of draws. */
export function randomDraws(seed: number, count: number, shape: ImageShape, reach: number): Float64Array {
  const random = new RandomState(seed)
  const table = new Float64Array(count * DRAW_NUMBERS)
  for (let i = 0; i < count; i++) {
    const numbers = Float64Array.from(unchangedDraw)
    for (let k = 0; k < 6; k++) numbers[k] = (numbers[k] ?? 0) + random.uniform(-reach, reach)
    numbers[2] = (numbers[2] ?? 0) + reach * shape[0] * random.uniform(-1, 1)
    numbers[5] = (numbers[5] ?? 0) + reach * shape[1] * random.uniform(-1, 1)
    numbers[6] = random.randint(0, 4)
    if (i % 5 === 4) numbers.set(unchangedDraw)
    table.set(numbers, i * DRAW_NUMBERS)
  }
  return table
}

/** What the tests augment by. */
export const plainAugmentation: Augmentation = {
  fillMode: 'nearest',
  cval: 0,
  brightnessMode: 'smooth',
  shiftsChannels: false,
  changesBrightness: false,
}

/** A model whose one weight becomes the very pixels that it was shown, after a step of SGD at rate 1/2 with label 1. */
async function mirrorSpec(inputShape: readonly number[]): Promise<ModelSpec> {
  const flat = inputShape.length === 1 ? [] : [layers.flatten()]
  const spec = await drawnSpec(inputShape, [...flat, layers.dense({ units: 1 })])
  return {
    ...spec,
    weights: spec.weights.map((weight) => ({ ...weight, values: new Float32Array(weight.values.length) })),
  }
}

export interface Sampled {
  readonly seen: Float32Array
  readonly expected: Float32Array
}

/** What a network sees of image after image through `draws`, and what core's reference makes of them. */
export async function sampleThrough(
  engine: Engine,
  request: {
    readonly shape: ImageShape
    readonly draws: Float64Array
    readonly augmentation: Augmentation
    readonly flat?: boolean
  },
): Promise<Sampled> {
  const { shape, draws, augmentation, flat = false } = request
  const count = draws.length / DRAW_NUMBERS
  const size = sizeOf(shape)
  const data = { ...images(shape, count, 2, 5), labels: new Uint8Array(count).fill(1) }
  const input = { shape: flat ? [size] : shape, scale: 1 / 255, offset: 0.125 }
  const job = jobFor(await mirrorSpec(input.shape), {
    loss: 'meanSquaredError',
    optimizer: sgd(),
    batchSize: 1,
    input,
    augment: augmentation,
  })
  const zero = job.model.weights
  const seen = new Float32Array(count * size)
  await withSession(engine, job, data, async (session) => {
    for (let i = 0; i < count; i++) {
      await session.writeWeights(zero)
      const draw = draws.subarray(i * DRAW_NUMBERS, (i + 1) * DRAW_NUMBERS)
      await session.train({ order: Uint32Array.of(i), firstStep: i, learningRate: 0.5, draws: draw })
      const [kernel] = await session.readWeights()
      seen.set(kernel?.values ?? [], i * size)
    }
  })
  const renderer = new ImageRenderer(shape, augmentation, byteValues(input))
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  const expected = renderImages(renderer, size, data.images, order, draws)
  const { standardize } = augmentation
  if (standardize)
    for (let i = 0; i < count; i++) expected.set(standardize(expected.slice(i * size, (i + 1) * size), shape), i * size)
  return { seen, expected }
}
