/* Concatenate: tfjs takes every negative axis for the last one. */
import * as tf from '@tensorflow/tfjs-core'
import { type Layer, numberOf } from './layer-parts.ts'

export function correctConcatenate(layer: Layer): void {
  const axis = numberOf(layer, 'axis')
  layer.call = (inputs) => tf.tidy(() => tf.concat([inputs].flat(), axis))
}
