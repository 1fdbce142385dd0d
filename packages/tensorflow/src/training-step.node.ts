/*
 * A program of its own: trains a small network by tfjs' own `model.fit` on a setup that is to be proven, and prints
 * what it ran on. Arguments: the setup's folder, its record as JSON.
 */
import process from 'node:process'
import * as tf from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import { tensorflowDevice } from './device.node.ts'
import { registerTensorflow } from './register.node.ts'
import { parseRecord } from './setup-record.node.ts'

const [folder = '', text = ''] = process.argv.slice(2)
const record = parseRecord(text, folder)
const placement = registerTensorflow(folder, record)
const model = layers.sequential({
  layers: [
    layers.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, activation: 'relu' }),
    layers.layers.flatten(),
    layers.layers.dense({ units: 2, activation: 'softmax' }),
  ],
})
model.compile({ loss: 'categoricalCrossentropy', optimizer: 'sgd' })
const labels = tf.oneHot(
  tf.tensor1d(
    Array.from({ length: 32 }, (_, row) => row % 2),
    'int32',
  ),
  2,
)
const images = tf.ones([32, 8, 8, 1])
const { history } = await model.fit(images, labels, { epochs: 2, verbose: 0 })
const losses = history.loss ?? []
if (losses.length !== 2 || !losses.every((loss) => Number.isFinite(Number(loss)))) {
  throw new Error(`expected two finite losses, got ${String(losses)}`)
}
console.log(JSON.stringify(tensorflowDevice(placement, record)))
