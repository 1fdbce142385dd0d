// Plain tfjs: LayersModel.compile and trainOnBatch, the quickest way that it offers. Argument: {"backend":"wasm"|"cpu"|"webgpu"|"tensorflow"};
// with "gpu": true, TensorFlow has to run on one.
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { rmsprop, unitRange } from '@gicho/core'
import { assignWeights, tfjsEngine } from '@gicho/engine/tfjs'
import * as tf from '@tensorflow/tfjs-core'
import { batchOf, floatRows, type LessonFiles, labelRows } from '../lesson-files.ts'
import { lessonModel } from '../models.ts'
import { serve } from './serve.ts'

const require = createRequire(import.meta.url)
const { backend, gpu = false }: { backend: 'wasm' | 'cpu' | 'webgpu' | 'tensorflow'; gpu?: boolean } = JSON.parse(
  process.argv[2] ?? '{"backend":"wasm"}',
)
const notes: string[] = []
let threads = 1

async function startBackend(files: LessonFiles): Promise<void> {
  if (tf.getBackend() === backend) return
  if (backend === 'wasm') {
    const { getThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
    setWasmPaths(`${join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist')}/`)
    await tf.setBackend('wasm')
    await tf.ready()
    threads = Math.max(1, getThreadsCount())
    if (files.lesson === 'network') {
      await startWithGicho(files, backend)
      notes.push('Conv2DBackpropFilter, which tfjs lacks, registered as gicho does it')
    }
  } else if (backend === 'tensorflow') {
    const { device } = await import('@gicho/tensorflow')
    const { type, name, tensorflow } = device()
    if (gpu && type !== 'GPU') throw new Error(`TensorFlow ${tensorflow} sees no GPU here, only ${name}.`)
    notes.push(`TensorFlow ${tensorflow}, ${type}`)
    threads = type === 'GPU' ? 1 : availableParallelism()
  } else if (backend === 'webgpu') {
    await startWithGicho(files, backend)
  } else {
    await import('@tensorflow/tfjs-backend-cpu')
    await tf.setBackend('cpu')
  }
  await tf.ready()
}

/**
 * gicho's eager engine starts a backend for good when it opens. It gives Node the WebGPU that tfjs looks for, and the wasm backend
 * the Conv2DBackpropFilter without which it throws.
 */
async function startWithGicho(files: LessonFiles, backend: 'wasm' | 'webgpu'): Promise<void> {
  const session = await tfjsEngine({ backend }).open(
    {
      model: files.model(false),
      loss: 'categoricalCrossentropy',
      optimizer: rmsprop(),
      batchSize: files.batchSize,
      seed: 1,
      input: unitRange(files.inputShape),
    },
    { train: files.data },
  )
  await session.dispose()
}

await serve({
  about: () => ({ version: tf.version_core, threads, notes }),
  async start(files, { dropout, learningRate }) {
    await startBackend(files)
    const { batchSize, inputShape } = files
    const classes = files.data.classNames.length
    const [rows, labels] = [floatRows(files), labelRows(files)]
    const model = lessonModel(files.lesson, dropout)
    assignWeights(model, files.model(dropout).weights)
    model.compile({
      optimizer: tf.train.rmsprop(learningRate, 0.9, 0, 1e-7),
      loss: 'categoricalCrossentropy',
      metrics: ['accuracy'],
    })
    return {
      async run(first, count) {
        let total = 0
        for (let step = first; step < first + count; step++) {
          const from = batchOf(step, files) * batchSize
          const pixels = rows.slice(from * 784, (from + batchSize) * 784)
          const xs = tf.tensor(pixels, [batchSize, ...inputShape])
          const ys = tf.tidy(() => tf.oneHot(tf.tensor1d(labels.slice(from, from + batchSize), 'int32'), classes))
          const result = await model.trainOnBatch(xs, ys)
          total += Array.isArray(result) ? (result[0] ?? Number.NaN) : result
          tf.dispose([xs, ys])
        }
        return total / count
      },
      bytes: () => tf.memory().numBytes,
      dispose: () => {
        model.dispose()
      },
    }
  },
})
