/*
 * Dropout and GaussianNoise: tfjs draws from a generator of its own, and with a seed the same mask every step. Here the numbers are
 * those of every engine, keyed by (seed, layer, step).
 */
import { dropoutMask, gaussianNoise, type MaskKey } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { type Layer, numberOf, single } from './layer-parts.ts'

/** Where in the random stream the next training step lies. */
export interface StepKey {
  seed: number
  step: number
}

type Draw = (key: MaskKey, rows: number, channels: number) => Float32Array

/** Numbers of the shape of `input`. */
function drawLike(input: tf.Tensor, key: MaskKey, draw: Draw): tf.Tensor {
  const channels = input.shape.at(-1) ?? 1
  return tf.tensor(draw(key, input.size / channels, channels), input.shape)
}

export function correctDropout(layer: Layer, key: Readonly<StepKey>, stream: number): void {
  const rate = numberOf(layer, 'rate')
  layer.call = (inputs, kwargs) => {
    const input = single(inputs)
    if (!kwargs.training || rate === 0) return input
    const draw: Draw = (at, rows, channels) => dropoutMask(at, rows, channels, rate)
    return tf.tidy(() => tf.mul(input, drawLike(input, { ...key, stream }, draw)))
  }
}

export function correctNoise(layer: Layer, key: Readonly<StepKey>, stream: number): void {
  const stddev = numberOf(layer, 'stddev')
  layer.call = (inputs, kwargs) => {
    const input = single(inputs)
    if (!kwargs.training) return input
    const draw: Draw = (at, rows, channels) => gaussianNoise(at, rows, channels, stddev)
    return tf.tidy(() => tf.add(input, drawLike(input, { ...key, stream }, draw)))
  }
}
