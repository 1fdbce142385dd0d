/*
 * Layers whose training tfjs-layers does in another way than Keras, or not at all, put right on the instances of the engine's own
 * copy of a model.
 */
import { type LayersModel, layers } from '@tensorflow/tfjs-layers'
import { correctMasking, correctReLU, correctSoftmax, correctThresholdedReLU } from './activation-layers.ts'
import { correctConcatenate } from './joining-layers.ts'
import type { Layer } from './layer-parts.ts'
import { correctBatchNorm, correctLayerNorm } from './norm-layers.ts'
import { correctDropout, correctNoise, type StepKey } from './random-layers.ts'
import { correctAveragePool, correctGlobalMax, correctUpSampling } from './resampling-layers.ts'

const CORRECTIONS: Readonly<Record<string, (layer: Layer) => void>> = {
  BatchNormalization: correctBatchNorm,
  LayerNormalization: correctLayerNorm,
  AveragePooling2D: correctAveragePool,
  GlobalMaxPooling1D: correctGlobalMax,
  GlobalMaxPooling2D: correctGlobalMax,
  UpSampling2D: correctUpSampling,
  Concatenate: correctConcatenate,
  Softmax: correctSoftmax,
  ReLU: correctReLU,
  ThresholdedReLU: correctThresholdedReLU,
  Masking: correctMasking,
}

/** These draw; `stream` is their place among the layers that do. */
const RANDOM: Readonly<Record<string, (layer: Layer, key: Readonly<StepKey>, stream: number) => void>> = {
  Dropout: correctDropout,
  GaussianNoise: correctNoise,
}

/** Gives the layers of this model Keras' training behaviour; random numbers are keyed by `key` as it stands at each step. */
export function correctLayers(model: LayersModel, key: Readonly<StepKey>): void {
  let stream = 0
  for (const layer of flatten(model)) {
    const type = layer.getClassName()
    CORRECTIONS[type]?.(layer)
    RANDOM[type]?.(layer, key, stream)
    if (type in RANDOM) stream++
  }
}

/**
 * The penalties of a model's weights as Keras counts them: those of trained layers alone, and once of a layer that is used several
 * times. tfjs counts every layer at each of its uses, and cells of recurrent layers not at all.
 */
export function penaltiesOf(model: Model): Penalty[] {
  return [...new Set(trained(model).flatMap((layer) => [layer, ...innerLayers(layer)].flatMap(({ losses }) => losses)))]
}

/** The layers that a recurrent layer or a wrapper consists of, whose penalties tfjs forgets. */
function innerLayers(layer: Layer): Layer[] {
  const parts: unknown[] = ['layer', 'forwardLayer', 'backwardLayer', 'cell', 'cells'].flatMap((field) =>
    field in layer ? Reflect.get(layer, field) : [],
  )
  return parts.flatMap((part) => (part instanceof layers.Layer ? [part, ...innerLayers(part)] : []))
}

type Penalty = Layer['losses'][number]

interface Model {
  readonly layers: readonly Layer[]
}

/** The layers whose weights are trained, in order. */
function trained(model: Model): Layer[] {
  return model.layers.filter((layer) => layer.trainable).flatMap((layer) => (isModel(layer) ? trained(layer) : [layer]))
}

/** All layers in order, those of models inside the model too. */
function flatten(model: Model): Layer[] {
  return model.layers.flatMap((layer) => (isModel(layer) ? flatten(layer) : [layer]))
}

function isModel(layer: Layer): layer is Layer & Model {
  return 'layers' in layer && Array.isArray(layer.layers)
}
