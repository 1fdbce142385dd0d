/* Random networks, and shapes that have kernels of their own, on a compiled engine: against the eager engine and a float64 reference. */
import {
  type Engine,
  type ImageDataset,
  type ImageShape,
  type ModelSpec,
  RandomState,
  type TrainingJob,
} from '@gicho/core'
import { layers } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tfjsEngine } from '../src/tfjs.node.ts'
import { referenceLoss } from './reference.ts'
import { drawnSpec, gap, images, type Layer, oneStep, type StepResult, stepJob, valuesOf } from './wasm-samples.ts'

const RATE = 3
/** Half of a central difference: its error is about STEP^2, and a relu's kink is rarely so near. */
const STEP = 1e-6
const eager = tfjsEngine({ backend: 'cpu' })

type Pair = [number, number]
const pair = (low: number, high: number): fc.Arbitrary<Pair> =>
  fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
const channels = fc.oneof(fc.constantFrom(1, 1, 3, 4, 16, 17), fc.integer({ min: 1, max: 19 }))
const padding = fc.constantFrom('same' as const, 'valid' as const)
const yes = fc.boolean()

const conv = fc.record({
  kind: fc.constant('conv' as const),
  filters: channels,
  kernel: fc.oneof(pair(1, 5), fc.constant<Pair>([3, 3])),
  strides: fc.oneof(fc.constant<Pair>([1, 1]), pair(1, 3)),
  dilation: fc.oneof(fc.constant<Pair>([1, 1]), pair(1, 2)),
  padding,
  bias: yes,
  relu: yes,
})
const norm = fc.record({ kind: fc.constant('norm' as const), center: yes, scale: yes })
const pool = fc.record({
  kind: fc.constant('pool' as const),
  size: fc.oneof(fc.constant<Pair>([2, 2]), pair(1, 3)),
  strides: fc.oneof(fc.constant<Pair>([2, 2]), pair(1, 3)),
  padding,
})
const single = fc.record({ kind: fc.constantFrom('relu' as const, 'drop' as const) })
const dense = fc.record({ units: channels, relu: yes, drop: yes })

const models = fc.record({
  size: pair(1, 13),
  channels,
  batch: fc.integer({ min: 1, max: 5 }),
  blocks: fc.array(fc.oneof({ weight: 3, arbitrary: conv }, norm, pool, single), { minLength: 1, maxLength: 5 }),
  dense: fc.array(dense, { maxLength: 2 }),
  classes: fc.integer({ min: 2, max: 13 }),
})
type Drawn = typeof models extends fc.Arbitrary<infer T> ? T : never

/** The drawn layers that make sense one after another; sizes that wouldn't fit become "same". */
function build({ size, channels: depth, batch, blocks, dense: last, classes }: Drawn): Layer[] {
  const list: Layer[] = []
  let [height, width] = size
  let current = depth
  for (const block of blocks) {
    if (block.kind === 'conv') {
      // tfjs takes no dilation with strides.
      const { strides } = block
      const dilation: Pair = strides.every((n) => n === 1) ? block.dilation : [1, 1]
      const reach = block.kernel.map((k, axis) => (k - 1) * (dilation[axis] ?? 1) + 1)
      const fits = (reach[0] ?? 1) <= height && (reach[1] ?? 1) <= width
      const layer = layers.conv2d({
        filters: block.filters,
        kernelSize: block.kernel,
        strides,
        dilationRate: dilation,
        padding: fits ? block.padding : 'same',
        useBias: block.bias,
        ...(block.relu ? { activation: 'relu' as const } : {}),
      })
      list.push(layer)
      const [, h, w] = layer.computeOutputShape([batch, height, width, current]) as number[]
      height = h ?? 1
      width = w ?? 1
      current = block.filters
    } else if (block.kind === 'pool') {
      const fits = block.size[0] <= height && block.size[1] <= width
      const layer = layers.maxPooling2d({
        poolSize: block.size,
        strides: block.strides,
        padding: fits ? block.padding : 'same',
      })
      list.push(layer)
      const [, h, w] = layer.computeOutputShape([batch, height, width, current]) as number[]
      height = h ?? 1
      width = w ?? 1
    } else if (block.kind === 'norm') {
      // Of a few values alone the deviation is mostly rounding.
      if (batch * height * width < 8) continue
      list.push(layers.batchNormalization({ center: block.center, scale: block.scale }))
    } else if (block.kind === 'relu') list.push(layers.reLU())
    else list.push(layers.dropout({ rate: 0.3 }))
  }
  list.push(layers.flatten())
  for (const { units, relu, drop } of last) {
    list.push(layers.dense({ units, ...(relu ? { activation: 'relu' as const } : {}) }))
    if (drop) list.push(layers.dropout({ rate: 0.25 }))
  }
  list.push(layers.dense({ units: classes, activation: 'softmax' }))
  return list
}

const conv3 = (filters: number, more: { strides?: number; padding?: 'valid' } = {}): Layer =>
  layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', ...more })
const pool2 = (): Layer => layers.maxPooling2d({ poolSize: 2, strides: 2, padding: 'same' })
const end = (): Layer[] => [layers.flatten(), layers.dense({ units: 5, activation: 'softmax' })]

const frozen = { trainable: false }
const conv3Frozen = (filters: number): Layer =>
  layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', ...frozen })

interface Case {
  readonly spec: ModelSpec
  readonly data: ImageDataset
  readonly job: TrainingJob
  readonly actual: StepResult
}

async function expectEager({ spec, data, job, actual }: Case): Promise<void> {
  const expected = await oneStep(eager, job, data, RATE)
  expect(Math.abs(actual.loss - expected.loss)).toBeLessThan(1e-5 * (1 + Math.abs(expected.loss)))
  const moved = spec.weights.map(({ name, values }) => ({ name, by: gap(valuesOf(expected.weights, name), values) }))
  const largest = Math.max(...moved.map(({ by }) => by))
  for (const { name, by } of moved) {
    const wanted = valuesOf(expected.weights, name)
    // Float32: its rounding of the weight itself, and of gradients that cancel (a bias before a normalization has none).
    const allowed = 2e-5 * by + 1e-6 * (gap(wanted, new Float32Array(wanted.length)) + largest)
    expect(gap(valuesOf(actual.weights, name), wanted), name).toBeLessThan(allowed)
  }
}

/** How much of it: each random network is compiled anew, which takes a GPU's driver long. */
export interface ShapeRuns {
  readonly eager: number
  readonly reference: number
  readonly batches: readonly number[]
  /** Of the shapes with kernels of their own, and of frozen layers, only every so manyth. */
  readonly every?: number
}

/** What every compiled engine promises of shapes. Engines take turns. */
export function describeShapes(title: string, engines: readonly Engine[], runs: ShapeRuns): void {
  describe(title, () => {
    const some = <T>(cases: readonly T[]): T[] => cases.filter((_, i) => i % (runs.every ?? 1) === 0)
    let run = 0

    /** One step on the next engine in turn. */
    async function step(shape: ImageShape, batch: number, classes: number, list: Layer[]): Promise<Case> {
      const spec = await drawnSpec(shape, list, run + 1)
      const data = images(shape, batch, classes, run + 7)
      const job = stepJob(spec, data)
      const engine = engines[run++ % engines.length] ?? eager
      expect(engine.supports(job)).toEqual([])
      return { spec, data, job, actual: await oneStep(engine, job, data, RATE) }
    }

    const stepOf = (drawn: Drawn): Promise<Case> =>
      step([...drawn.size, drawn.channels], drawn.batch, drawn.classes, build(drawn))

    test('a step of random networks is that of the eager engine: loss, and every weight', async () => {
      // tfjs has no gradient of a dilated convolution.
      const undilated = models.map((drawn) => ({
        ...drawn,
        blocks: drawn.blocks.map((block) => (block.kind === 'conv' ? { ...block, dilation: [1, 1] as Pair } : block)),
      }))
      await fc.assert(
        fc.asyncProperty(undilated, async (drawn) => expectEager(await stepOf(drawn))),
        { numRuns: runs.eager, seed: 3 },
      )
    }, 300_000)

    test('gradients of random networks are the finite differences of a float64 reference', async () => {
      const compare = async (drawn: Drawn): Promise<void> => {
        const { spec, data, job, actual } = await stepOf(drawn)
        const step = { training: true, seed: job.seed, step: 0 }
        const start = new Map(spec.weights.map(({ name, values }) => [name, Float64Array.from(values)]))
        const loss = referenceLoss(spec, start, data, step)
        expect(Math.abs(actual.loss / data.length - loss)).toBeLessThan(1e-5 * (1 + loss))
        const used = new Map(actual.weights.map(({ name, values }) => [name, values]))
        const inUse = referenceLoss(spec, used, data, { ...step, training: false })
        expect(Math.abs(actual.evaluated / data.length - inUse)).toBeLessThan(1e-4 * (1 + inUse))
        const trained = spec.weights.filter(({ name }) => !name.includes('moving_'))
        const random = new RandomState(run)
        const slopes = trained.map(({ name, values }) => {
          const direction = Float64Array.from(values, () => random.uniform(-1, 1))
          const at = (h: number): number => {
            const shifted = Float64Array.from(values, (value, i) => value + h * (direction[i] ?? 0))
            return referenceLoss(spec, new Map([...start, [name, shifted]]), data, step)
          }
          const moved = valuesOf(actual.weights, name).map((value, i) => value - (values[i] ?? 0))
          const along = moved.reduce((sum, value, i) => sum - (value * (direction[i] ?? 0)) / RATE, 0)
          return { name, along, expected: (at(STEP) - at(-STEP)) / (2 * STEP), length: Math.hypot(...direction) }
        })
        // A slope along a random direction is a sum of signed terms, so rounding is measured by the gradient's own size.
        const largest = Math.max(...slopes.map(({ expected, length }) => Math.abs(expected) / length))
        for (const { name, along, expected, length } of slopes) {
          expect(Math.abs(along - expected), name).toBeLessThan(
            1e-4 * Math.abs(expected) + 2e-5 * length * largest + 1e-7 * length,
          )
        }
      }
      await fc.assert(fc.asyncProperty(models, compare), { numRuns: runs.reference, seed: 5 })
    }, 300_000)

    // Shapes that have kernels of their own: Winograd's, the first block of an image network, the normalization with its pool.
    test.each(
      some<[string, ImageShape, () => Layer[]]>([
        ['many channels, odd sizes', [11, 13, 17], () => [conv3(19), conv3(16)]],
        [
          'many channels, even sizes, normalized',
          [10, 12, 3],
          () => [conv3(21), layers.batchNormalization(), conv3(18), pool2()],
        ],
        [
          'many channels with dropout',
          [11, 10, 4],
          () => [conv3(16), layers.dropout({ rate: 0.4 }), conv3(32), layers.dropout({ rate: 0.1 })],
        ],
        ['a first block', [14, 14, 1], () => [conv3(9), layers.batchNormalization(), pool2(), conv3(4)]],
        ['a first block of odd size', [9, 11, 1], () => [conv3(20), layers.batchNormalization(), pool2()]],
        [
          'a first block without relu and scale',
          [8, 7, 1],
          () => [
            layers.conv2d({ filters: 6, kernelSize: 3, useBias: false }),
            layers.batchNormalization({ scale: false }),
            pool2(),
          ],
        ],
        [
          'a first block with strides, dropout behind it',
          [13, 12, 1],
          () => [
            conv3(7, { strides: 2 }),
            layers.batchNormalization(),
            pool2(),
            layers.dropout({ rate: 0.3 }),
            conv3(5, { padding: 'valid' }),
          ],
        ],
        ['a normalized input', [6, 5, 3], () => [layers.batchNormalization(), conv3(8)]],
        ['a normalized single channel', [6, 5, 1], () => [layers.batchNormalization(), pool2(), conv3(8)]],
        [
          'a relu on its own behind a dropout',
          [6, 6, 2],
          () => [conv3(5), layers.dropout({ rate: 0.5 }), layers.reLU(), conv3(3)],
        ],
        ['dropout of the input', [7, 5, 1], () => [layers.dropout({ rate: 0.5 }), conv3(3)]],
        ['a pool of the input', [7, 6, 1], () => [pool2(), conv3(4)]],
      ]),
    )('kernels of their own: %s', async (_, shape, list) => {
      for (const batch of runs.batches) await expectEager(await step(shape, batch, 5, [...list(), ...end()]))
    })

    test.each<[string, () => Layer[]]>([
      ['dropped from', () => [layers.dropout({ rate: 0.5 })]],
      ['normalized', () => [layers.reLU(), layers.batchNormalization()]],
    ])('a Flatten of padded channels, %s', async (_, behind) => {
      await expectEager(await step([5, 6, 2], 4, 5, [conv3(5), layers.flatten(), ...behind(), ...end().slice(1)]))
    })

    test('logits that are flattened images of padded channels', async () => {
      const list = [layers.conv2d({ filters: 3, kernelSize: [8, 4] }), layers.flatten(), layers.softmax()]
      await expectEager(await step([8, 8, 3], 4, 15, list))
    })

    test.each(
      some<[string, ImageShape, () => Layer[]]>([
        [
          'a frozen convolution in a first block',
          [10, 9, 1],
          () => [conv3Frozen(6), layers.batchNormalization(), pool2()],
        ],
        ['a frozen convolution behind a trained one', [8, 8, 3], () => [conv3(6), conv3Frozen(5)]],
        [
          'a frozen normalization behind a trained layer',
          [7, 6, 3],
          () => [conv3(6), layers.batchNormalization(frozen), conv3(5)],
        ],
        [
          'a frozen normalization in a first block',
          [10, 9, 1],
          () => [conv3(6), layers.batchNormalization(frozen), pool2()],
        ],
        [
          'frozen many channels',
          [11, 10, 16],
          () => [conv3(16), conv3Frozen(16), layers.batchNormalization(), pool2()],
        ],
        [
          'everything frozen before strides',
          [9, 9, 2],
          () => [conv3Frozen(4), layers.batchNormalization(frozen), conv3(5, { strides: 2 })],
        ],
        [
          'a frozen Dense',
          [4, 4, 1],
          () => [
            layers.flatten(),
            layers.dense({ units: 9, activation: 'relu' }),
            layers.dense({ units: 7, ...frozen }),
          ],
        ],
      ]),
    )('frozen layers keep their weights and pass gradients on: %s', async (_, shape, list) => {
      const flat = list().some((layer) => layer.getClassName() === 'Flatten')
      const done = await step(shape, 6, 5, [...list(), ...end().slice(flat ? 1 : 0)])
      await expectEager(done)
      const start = new Map(done.spec.weights.map(({ name, values }) => [name, values]))
      const still = done.actual.weights.filter(({ name, values }) => gap(values, start.get(name) ?? []) === 0)
      expect(still.length).toBeGreaterThanOrEqual(2)
    })
  })
}
