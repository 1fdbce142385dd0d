// Plain tfjs: LayersModel.compile and trainOnBatch, the quickest way that it offers. Argument: {"backend":"wasm"|"cpu"}.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { rmsprop, unitRange } from '@gicho/core'
import { assignWeights, tfjsEngine } from '@gicho/engine/tfjs'
import * as tf from '@tensorflow/tfjs-core'
import { batchOf, floatRows, type LessonFiles, labelRows } from '../lesson-files.ts'
import { lessonModel } from '../models.ts'
import { BATCH_SIZE } from '../work.ts'
import { serve } from './serve.ts'

const require = createRequire(import.meta.url)
const { backend }: { backend: 'wasm' | 'cpu' } = JSON.parse(process.argv[2] ?? '{"backend":"wasm"}')
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
    if (files.lesson === 'network') await registerFilterGradient(files)
  } else {
    await import('@tensorflow/tfjs-backend-cpu')
    await tf.setBackend('cpu')
  }
  await tf.ready()
}

/** tfjs' wasm backend has no Conv2DBackpropFilter: it throws. gicho's eager engine registers one, for good, when it opens. */
async function registerFilterGradient(files: LessonFiles): Promise<void> {
  const session = await tfjsEngine({ backend: 'wasm' }).open(
    {
      model: files.model(false),
      loss: 'categoricalCrossentropy',
      optimizer: rmsprop(),
      batchSize: BATCH_SIZE,
      seed: 1,
      input: unitRange([28, 28, 1]),
    },
    { train: files.data },
  )
  await session.dispose()
  notes.push('Conv2DBackpropFilter, which tfjs lacks, registered as gicho does it')
}

await serve({
  about: () => ({ version: tf.version_core, threads, notes }),
  async start(files, { dropout, learningRate }) {
    await startBackend(files)
    const inputShape = files.lesson === 'network' ? [28, 28, 1] : [784]
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
          const from = batchOf(step, files) * BATCH_SIZE
          const pixels = rows.slice(from * 784, (from + BATCH_SIZE) * 784)
          const xs = tf.tensor(pixels, [BATCH_SIZE, ...inputShape])
          const ys = tf.tidy(() => tf.oneHot(tf.tensor1d(labels.slice(from, from + BATCH_SIZE), 'int32'), classes))
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
