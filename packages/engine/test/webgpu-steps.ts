// Run by webgpu.test.ts in a process that has a software GPU: three steps on webgpu against the same on cpu.
import {
  adam,
  type ImageDataset,
  type OptimizerConfig,
  RandomState,
  rmsprop,
  sgd,
  type TrainingJob,
  unitRange,
} from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import '@tensorflow/tfjs-backend-cpu'
import { availableBackends, readModel, type TfjsBackend, tfjsEngine } from '../src/tfjs.node.ts'

const model = sequential({
  layers: [
    layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [9, 9, 1] }),
    layers.batchNormalization(),
    layers.maxPooling2d({ poolSize: 2, padding: 'same' }),
    layers.flatten(),
    layers.dense({ units: 24, activation: 'relu' }),
    layers.dropout({ rate: 0.25 }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ],
})
const random = new RandomState(7)
const length = 40
const train: ImageDataset = {
  images: Uint8Array.from({ length: length * 81 }, () => random.randint(0, 256)),
  labels: Uint8Array.from({ length }, () => random.randint(0, 10)),
  length,
  shape: [9, 9, 1],
  classNames: [...'0123456789'],
  split: 'train',
  source: 'seeded noise',
}
const spec = await readModel(model)
const start = tf.memory().numTensors
const order = random.permutation(length)

function jobFor(optimizer: OptimizerConfig): TrainingJob {
  return {
    model: spec,
    loss: 'categoricalCrossentropy',
    optimizer,
    batchSize: 16,
    seed: 3,
    input: unitRange([9, 9, 1]),
  }
}

async function steps(backend: TfjsBackend, optimizer: OptimizerConfig) {
  const session = await tfjsEngine({ backend }).open(jobFor(optimizer), { train })
  const sums = await session.train({ order, firstStep: 0, learningRate: optimizer.learningRate })
  const weights = [...(await session.readWeights()), ...(await session.readOptimizer())]
  const probabilities = await session.predict(train.images)
  const { device } = session
  await session.dispose()
  return { sums, arrays: [...weights, { name: 'probabilities', values: probabilities }], device }
}

/** Norm of the difference over the norm. */
function distance(a: Float32Array, b: Float32Array): number {
  const norm = Math.hypot(...b)
  return norm === 0 ? Math.hypot(...a) : Math.hypot(...a.map((value, i) => value - (b[i] ?? 0))) / norm
}

const results = []
for (const optimizer of [rmsprop(), sgd({ momentum: 0.9 }), adam()]) {
  const cpu = await steps('cpu', optimizer)
  const gpu = await steps('webgpu', optimizer)
  const distances = cpu.arrays.map(({ name, values }, i) => [
    name,
    distance(gpu.arrays[i]?.values ?? new Float32Array(0), values),
  ])
  results.push({ optimizer: optimizer.name, device: gpu.device, cpu: cpu.sums, gpu: gpu.sums, distances })
}
const report = (await availableBackends()).find(({ backend }) => backend === 'webgpu')
const automatic = await tfjsEngine().open(jobFor(sgd()), { train })
const chosen = automatic.device.backend
await automatic.dispose()
console.log(JSON.stringify({ results, report, chosen, leaked: tf.memory().numTensors - start }))
