/* Live tfjs models whose formulas, or whose settings in toJSON, differ between tfjs and Keras: every engine gives what tfjs predicts. */
import { type Engine, type NamedArray, RandomState, sgd, type TrainingJob, unitRange } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import {
  constraints,
  type LayersModel,
  layers,
  type layers as layerTypes,
  regularizers,
  sequential,
} from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { wasmEngine } from '../dist/wasm.node.js'
import { assignWeights, readModel } from '../src/tfjs/weights.ts'
import { tfjsEngine } from '../src/tfjs.node.ts'
import { distance } from './samples.ts'
import { expectSame, noisyImages, seededWeights } from './side-by-side.ts'

type Layer = layerTypes.Layer
const images = [5, 4, 3] as const

const network = (...middle: readonly Layer[]): LayersModel =>
  sequential({
    layers: [
      layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', inputShape: [...images] }),
      ...middle,
      layers.flatten(),
      layers.dense({ units: 5, activation: 'softmax' }),
    ],
  })

const cases: Readonly<Record<string, () => Layer>> = {
  hardSigmoid: () => layers.activation({ activation: 'hardSigmoid' }),
  'bilinear UpSampling2D': () => layers.upSampling2d({ size: [2, 3], interpolation: 'bilinear' }),
  'a regularizer on DepthwiseConv2D': () =>
    layers.depthwiseConv2d({ kernelSize: 2, depthwiseRegularizer: regularizers.l2({ l2: 0.05 }) }),
  'a SeparableConv2D with a depth multiplier': () =>
    layers.separableConv2d({ filters: 3, kernelSize: 2, depthMultiplier: 2, depthwiseRegularizer: 'l1l2' }),
}

async function predicted(engine: Engine, job: TrainingJob, pixels: Uint8Array): Promise<Float32Array> {
  expect(engine.supports(job)).toEqual([])
  const session = await engine.open(job, { train: noisyImages(2, images, 5) })
  const outputs = await session.predict(pixels)
  await session.dispose()
  return outputs
}

async function jobOf(model: LayersModel): Promise<TrainingJob> {
  const read = await readModel(model)
  const weights: NamedArray[] = seededWeights(read.weights)
  assignWeights(model, weights)
  const input = unitRange([...images])
  return {
    model: { ...read, weights },
    loss: 'categoricalCrossentropy',
    optimizer: sgd(),
    batchSize: 2,
    seed: 1,
    input,
  }
}

describe.each(Object.keys(cases))('%s', (name) => {
  const made = (): LayersModel => network(cases[name]?.() ?? layers.flatten())

  test("every engine predicts what the live model's own predict gives", async () => {
    const model = made()
    const job = await jobOf(model)
    const random = new RandomState(3)
    const pixels = Uint8Array.from({ length: 60 }, () => random.randint(0, 256))
    const given = model.predict(
      tf.tensor4d(
        Float32Array.from(pixels, (byte) => byte / 255),
        [1, ...images],
      ),
    )
    const expected = await [given].flat()[0]?.data()
    if (!expected) throw new Error('expected an output')
    for (const engine of [wasmEngine({ threads: 1 }), tfjsEngine({ backend: 'cpu' }), tfjsEngine({ backend: 'wasm' })])
      expect(distance(await predicted(engine, job, pixels), expected)).toBeLessThan(1e-5)
    model.dispose()
  })

  test.each(['cpu', 'wasm'] as const)('the compiled engine trains it as the eager one does on %s', async (backend) => {
    await expectSame(made(), { images, classes: 5, backend, steps: 2, learningRate: 0.1 })
  })
})

test('a constraint on a DepthwiseConv2D with a regularizer is the constraint, on the eager engine', async () => {
  const depthwiseConstraint = constraints.maxNorm({ maxValue: 0.3, axis: 0 })
  const depthwise = {
    kernelSize: 2,
    depthwiseConstraint,
    depthwiseRegularizer: regularizers.l2({ l2: 0.05 }),
    name: 'dw',
  }
  const model = network(layers.depthwiseConv2d(depthwise))
  const { topology } = await readModel(model)
  expect(JSON.stringify(topology)).toContain(
    '"depthwise_constraint":{"class_name":"MaxNorm","config":{"max_value":0.3,"axis":0}}',
  )
  const session = await tfjsEngine({ backend: 'cpu' }).open(await jobOf(model), { train: noisyImages(2, images, 5) })
  await session.train({ order: Uint32Array.of(0, 1), firstStep: 0, learningRate: 0.1 })
  const kernel = (await session.readWeights()).find(({ name }) => name === 'dw/depthwise_kernel')?.values ?? []
  for (let i = 0; i < 8; i++) expect(Math.hypot(kernel[i] ?? 1, kernel[i + 8] ?? 1)).toBeLessThanOrEqual(0.300001)
  await session.dispose()
})
