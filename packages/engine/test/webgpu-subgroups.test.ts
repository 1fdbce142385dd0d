/* Sums over a workgroup, with subgroups and without, on a software GPU: other orders of the same sums. */
import { type NamedArray, rmsprop, unitRange } from '@gicho/core'
import { constraints, layers, regularizers } from '@tensorflow/tfjs-layers'
import { expect, test, vi } from 'vitest'
import { featuresOf } from '../src/webgpu/shader-features.ts'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { distance, jobFor, rows } from './samples.ts'
import { softwareDevice } from './software-webgpu.ts'
import { drawnSpec, images, type Layer, withSession } from './wasm-samples.ts'

// A software GPU on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const network = (): Layer[] => [
  // Behind it a bias has no gradient but rounding.
  layers.conv2d({ filters: 12, kernelSize: 3, useBias: false, kernelRegularizer: regularizers.l2({ l2: 0.01 }) }),
  layers.batchNormalization(),
  layers.flatten(),
  layers.dense({ units: 20, kernelConstraint: constraints.maxNorm({ maxValue: 1, axis: 0 }) }),
  layers.layerNormalization(),
  layers.dense({ units: 10, activation: 'softmax' }),
]

async function trained(features: GPUFeatureName[]): Promise<readonly NamedArray[]> {
  const device = await softwareDevice(features)
  expect(await featuresOf(device)).toEqual({ subgroups: features.length > 0 })
  const spec = await drawnSpec([8, 8, 1], network())
  const optimizer = { ...rmsprop(), globalClipNorm: 0.5 }
  const job = jobFor(spec, { optimizer, batchSize: 100, input: unitRange([8, 8, 1]) })
  return withSession(webgpuEngine({ device }), job, images([8, 8, 1], 100, 10), async (session) => {
    const { loss } = await session.train({ order: rows(100), firstStep: 0, learningRate: 0.01 })
    return [
      { name: 'loss', shape: [1], values: Float32Array.of(loss) },
      ...(await session.readWeights()),
      ...(await session.readOptimizer()),
    ]
  })
}

test('a step is the same with subgroups and without, but for rounding', async () => {
  const [plain, other] = [await trained([]), await trained(['subgroups'])]
  for (const [i, { name, values }] of plain.entries())
    expect(distance(other[i]?.values ?? [], values), name).toBeLessThan(1e-5)
})
