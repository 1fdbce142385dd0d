import { adam, unitRange } from '@gicho/core'
import { wasmEngine } from '@gicho/engine/wasm'
import { input, layers, type layers as layerTypes, regularizers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { readModel } from '../src/tfjs/weights.ts'
import { distance, rows } from './samples.ts'
import { functional, noisyImages, seededWeights } from './side-by-side.ts'

/** A network of everything that works on partial sums, in two branches. */
function broad() {
  const start = input({ shape: [9, 8, 3] })
  const at = (layer: layerTypes.Layer, ...from: SymbolicTensor[]): SymbolicTensor => {
    const [first] = from
    return layer.apply(from.length === 1 && first ? first : from) as SymbolicTensor
  }
  const l2 = regularizers.l2({ l2: 0.01 })
  const first = at(layers.conv2d({ filters: 6, kernelSize: 3, activation: 'swish', kernelRegularizer: l2 }), start)
  const left = at(layers.depthwiseConv2d({ kernelSize: 3, strides: [2, 2], padding: 'same' }), first)
  const right = at(layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: 'same', activation: 'gelu' }), first)
  const noisy = at(layers.gaussianNoise({ stddev: 0.1 }), at(layers.layerNormalization({}), left))
  const joined = at(layers.concatenate(), at(layers.add(), noisy, right), right)
  const pooled = at(layers.globalAveragePooling2d({}), at(layers.averagePooling2d({ poolSize: 2 }), joined))
  return functional(start, at(layers.dense({ units: 4, activation: 'softmax' }), pooled))
}

test('the same bits on 1, 2 and 3 threads, fused and with clips; the plain builds agree to rounding', async () => {
  const model = broad()
  const spec = await readModel(model)
  model.dispose()
  const train = noisyImages(13, [9, 8, 3], 4)
  for (const clip of [{}, { globalClipNorm: 0.1 }]) {
    const run = async (options: Parameters<typeof wasmEngine>[0]) => {
      const job = {
        model: { ...spec, weights: seededWeights(spec.weights) },
        loss: 'categoricalCrossentropy',
        optimizer: adam({ epsilon: 1e-3, ...clip }),
        batchSize: 5,
        seed: 2,
        input: unitRange([9, 8, 3]),
      } as const
      const session = await wasmEngine(options).open(job, { train })
      const sums = await session.train({ order: rows(13), firstStep: 0, learningRate: 0.01 })
      const weights = await session.readWeights()
      await session.dispose()
      return { sums, weights }
    }
    const one = await run({ threads: 1 })
    for (const threads of [2, 3]) expect(await run({ threads })).toEqual(one)
    for (const options of [
      { relaxedSimd: false },
      { sharedMemory: false },
      { relaxedSimd: false, sharedMemory: false },
    ]) {
      const other = await run(options)
      other.weights.forEach(({ name, values }, i) => {
        expect(distance(values, one.weights[i]?.values ?? []), name).toBeLessThan(1e-5)
      })
    }
  }
})
