/*
 * Pools and UpSampling2D, whose gradients are wrong in tfjs: that of a padded average divides by the whole window where the window
 * reaches over the edge, that of a global maximum goes whole to each of several equal ones, and on cpu that of nearest neighbours
 * leaves some out. They are written in ops whose gradients are right.
 */
import * as tf from '@tensorflow/tfjs-core'
import { enlargeBilinear } from './keras3-classes.ts'
import { type Layer, pairOf, single } from './layer-parts.ts'

type Image = tf.Tensor4D

function isLastChannels(layer: Layer): boolean {
  return layer.getConfig().dataFormat !== 'channelsFirst'
}

/** Padded averages: the sum of a window over the number of its places inside the image. Both are averages of what is padded by zeros. */
export function correctAveragePool(layer: Layer): void {
  if (layer.getConfig().padding !== 'same' || !isLastChannels(layer)) return
  const poolSize = pairOf(layer, 'poolSize')
  const strides = pairOf(layer, 'strides')
  layer.call = (inputs) => {
    const x = single(inputs) as Image
    const { padInfo } = tf.backend_util.computePool2DInfo(x.shape, poolSize, strides, 1, 'same')
    const { top, bottom, left, right } = padInfo
    const average = (image: Image): tf.Tensor => {
      const padded = tf.pad(image, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ])
      return tf.avgPool(padded, poolSize, strides, 'valid')
    }
    const [, height, width] = x.shape
    return tf.tidy(() => tf.div(average(x), average(tf.ones([1, height, width, 1]))))
  }
}

/** The largest value of each channel; its gradient goes in equal parts to all that are as large. */
export function correctGlobalMax(layer: Layer): void {
  const first = isLastChannels(layer) ? 1 : 2
  layer.call = (inputs) => {
    const x = single(inputs)
    const axes = x.rank === 3 ? [1] : [first, first + 1]
    const largest = tf.customGrad((input, save) => {
      const image = input as tf.Tensor
      const top = tf.max(image, axes, true)
      const gradFunc = (dy: tf.Tensor, [kept = image, largest = top]: tf.Tensor[]) => {
        const equal = tf.cast(tf.equal(kept, largest), 'float32')
        return tf.mul(equal, tf.div(tf.reshape(dy, largest.shape), tf.sum(equal, axes, true)))
      }
      if (typeof save === 'function') save([image, top])
      return { value: tf.squeeze(top, axes), gradFunc }
    })
    return largest(x)
  }
}

/** Nearest neighbours by whole factors: every row repeated, then every column. Bilinear as tfjs has it. */
export function correctUpSampling(layer: Layer): void {
  if (!isLastChannels(layer)) return
  const [sizeY, sizeX] = pairOf(layer, 'size')
  if (layer.getConfig().interpolation === 'bilinear') {
    layer.call = (inputs) => enlargeBilinear(single(inputs) as Image, [sizeY, sizeX], false)
    return
  }
  layer.call = (inputs) => {
    const [batch, height, width, channels] = (single(inputs) as Image).shape
    return tf.tidy(() => {
      const rows = tf.reshape(single(inputs), [batch * height, 1, width * channels])
      const tall = tf.reshape(tf.tile(rows, [1, sizeY, 1]), [batch * height * sizeY * width, 1, channels])
      return tf.reshape(tf.tile(tall, [1, sizeX, 1]), [batch, height * sizeY, width * sizeX, channels])
    })
  }
}
