/* What is said of a program whose tfjs isn't all there, or there twice. */
import { type ImageDataset, type ModelSpec, rmsprop, type TrainingJob, unitRange } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, expect, test } from 'vitest'
import { imagesTensor, labelsTensor, tfjsEngine } from '../src/tfjs.node.ts'

// Not those of samples.ts, which imports a backend.
const data: ImageDataset = {
  images: new Uint8Array(256),
  labels: new Uint8Array(4),
  length: 4,
  shape: [8, 8, 1],
  classNames: Array.from({ length: 10 }, (_, label) => String(label)),
  split: 'train',
  source: 'zeros',
}

function jobFor(model: ModelSpec): TrainingJob {
  const input = unitRange([64])
  return { model, loss: 'categoricalCrossentropy', optimizer: rmsprop(), batchSize: 4, seed: 0, input }
}

function topologyOf(className: string) {
  const dense = { name: 'end', units: 10, activation: 'softmax', batch_input_shape: [null, 64] }
  const layers = [{ class_name: 'Dense', config: dense }]
  const own = { class_name: className, config: { name: 'own', batch_input_shape: [null, 64] } }
  return { class_name: 'Sequential', config: { name: 'model', layers: className === '' ? layers : [own, ...layers] } }
}

const weights = [
  { name: 'end/kernel', shape: [64, 10], values: new Float32Array(640) },
  { name: 'end/bias', shape: [10], values: new Float32Array(10) },
]

test('without a backend the bridges name the line to add', () => {
  const sentence =
    /: tensors need a backend of tfjs, and none is imported\. Add the line import '@tensorflow\/tfjs-backend-cpu' \(npm install/
  expect(tf.engine().registryFactory).toEqual({})
  expect(() => imagesTensor(data, unitRange([64]))).toThrow(sentence)
  expect(() => labelsTensor(data)).toThrow(sentence)
})

test('a layer that is registered with another copy of tfjs is named, with the command that shows both', () => {
  const job = jobFor({ topology: topologyOf('Mine'), weights })
  expect(tfjsEngine({ backend: 'cpu' }).supports(job)).toEqual([
    {
      where: 'own',
      message:
        'tfjs has no Mine layers. Register your own with tf.serialization.registerClass; if you have, there are two copies of tfjs: ' +
        'npm ls @tensorflow/tfjs-core shows them.',
    },
  ])
})

let taken: tf.Variable | undefined
afterAll(() => taken?.dispose())

test('a model that another copy of tfjs-layers made meets the engine’s own, and is told how to make them one', async () => {
  const engine = tfjsEngine({ backend: 'cpu' })
  const job = jobFor({ topology: topologyOf(''), weights })
  await (await engine.open(job, { train: data })).dispose()
  // The name that the other copy has given, which this one doesn't know of.
  const names = Object.keys(tf.engine().registeredVariables)
  taken = tf.variable(tf.zeros([1]), true, nextName())
  expect(names).not.toContain(taken.name)
  const opening = engine.open(job, { train: data })
  await expect(opening).rejects.toMatchObject({ code: 'unavailable' })
  await expect(opening).rejects.toThrow(
    /there are two copies of tfjs in this program.*npm ls @tensorflow\/tfjs-core @tensorflow\/tfjs-layers.*npm dedupe, or use the wasm engine/s,
  )
})

/** The second name that tfjs-layers gives to a kernel `end`; the first session had the first. */
function nextName(): string {
  return 'end/kernel_1'
}
