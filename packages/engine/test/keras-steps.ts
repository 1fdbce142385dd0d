/* A fixture's steps on an engine, held against Keras' results. */
import { type Engine, type ModelSpec, type NamedArray, unitRange } from '@gicho/core'
import { layers, type layers as layerTypes, sequential } from '@tensorflow/tfjs-layers'
import { expect } from 'vitest'
import { digits } from './digits.ts'
import { loadGolden } from './golden.ts'
import { engineState, goldenSlotName } from './golden-start.ts'
import { specOf } from './samples.ts'
import { withSession } from './wasm-samples.ts'

function perceptron(): layerTypes.Layer[] {
  const dense = (units: number, activation: 'relu' | 'softmax', index: number) =>
    layers.dense({ units, activation, name: `dense_${index}`, kernelInitializer: 'zeros' })
  return [
    layers.inputLayer({ inputShape: [784] }),
    dense(512, 'relu', 1),
    dense(512, 'relu', 2),
    dense(10, 'softmax', 3),
  ]
}

/** Lesson 3's, without its dropout layers. */
function network(): layerTypes.Layer[] {
  const block = (filters: number, index: number): layerTypes.Layer[] => [
    layers.conv2d({
      filters,
      kernelSize: 3,
      padding: 'same',
      activation: 'relu',
      name: `conv2d_${index}`,
      kernelInitializer: 'zeros',
    }),
    layers.batchNormalization({ name: `batch_normalization_${index}` }),
    layers.maxPooling2d({ poolSize: 2, strides: 2, padding: 'same' }),
  ]
  const dense = (units: number, activation: 'relu' | 'softmax', index: number) =>
    layers.dense({ units, activation, name: `dense_${index}`, kernelInitializer: 'zeros' })
  return [
    layers.inputLayer({ inputShape: [28, 28, 1] }),
    ...[75, 50, 25].flatMap((filters, i) => block(filters, i + 1)),
    layers.flatten(),
    dense(512, 'relu', 1),
    dense(24, 'softmax', 2),
  ]
}

const specs = new Map<string, Promise<ModelSpec>>()

/** The model of a fixture; its weights are the fixture's. */
function lessonSpec(name: string): Promise<ModelSpec> {
  const lesson = name.slice(0, 'lesson1'.length)
  const made = specs.get(lesson) ?? specOf(sequential({ layers: lesson === 'lesson1' ? perceptron() : network() }))
  specs.set(lesson, made)
  return made
}

/**
 * Does a fixture's steps, up to the last checkpoint, and holds every compared tensor against Keras', within the distance of two Keras
 * backends; `slackOf` says of which tensors more is forgiven.
 */
export async function expectKeras(
  engine: Engine,
  name: string,
  checkpoints: readonly number[],
  slackOf: (tensor: string) => number = () => 1,
): Promise<void> {
  const golden = loadGolden(name)
  const { optimizer, batchSize, order } = golden
  const shape = name.startsWith('lesson1') ? [784] : [28, 28, 1]
  const { topology } = await lessonSpec(name)
  const model = { topology, weights: golden.initialWeights() }
  const job = {
    model,
    loss: 'categoricalCrossentropy',
    optimizer,
    batchSize,
    seed: 0,
    input: unitRange(shape),
  } as const
  await withSession(engine, job, digits(order), async (session) => {
    await session.writeOptimizer(engineState(await session.readOptimizer(), golden))
    for (let step = 0; step < Math.max(...checkpoints); step++) {
      const rows = Uint32Array.from({ length: batchSize }, (_, i) => step * batchSize + i)
      const { loss } = await session.train({ order: rows, firstStep: step, learningRate: optimizer.learningRate })
      const expected = golden.losses[step] ?? Number.NaN
      // The rounding of one float32 loss at least.
      const allowed = Math.max(golden.lossTolerance, 2e-6)
      expect(Math.abs(loss / batchSize / expected - 1), `loss of step ${step + 1}`).toBeLessThan(allowed)
      if (!checkpoints.includes(step + 1)) continue
      const after = golden.after(step + 1)
      const arrays = new Map<string, NamedArray>()
      for (const weight of await session.readWeights()) arrays.set(weight.name, weight)
      for (const slot of await session.readOptimizer()) arrays.set(goldenSlotName(slot.name) ?? '', slot)
      for (const { name: tensor, tolerance, movedTolerance } of after.compared) {
        const slack = slackOf(tensor)
        const values = arrays.get(tensor)?.values ?? new Float32Array(0)
        expect(after.distance(tensor, values), `${tensor} after ${step + 1}`).toBeLessThanOrEqual(tolerance * slack)
        expect(after.movedDistance(tensor, values), `${tensor} moved after ${step + 1}`).toBeLessThanOrEqual(
          movedTolerance * slack,
        )
      }
    }
  })
}
