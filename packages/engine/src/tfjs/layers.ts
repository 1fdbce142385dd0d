/*
 * Layers whose training tfjs-layers does in another way than Keras, or not at all, put right on the instances of the engine's own
 * copy of a model.
 */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Layer } from './layer-parts.ts'
import { correctBatchNorm, correctLayerNorm } from './norm-layers.ts'
import { correctDropout, correctNoise, type StepKey } from './random-layers.ts'
import { correctAveragePool, correctUpSampling } from './resampling-layers.ts'

const CORRECTIONS: Readonly<Record<string, (layer: Layer) => void>> = {
  BatchNormalization: correctBatchNorm,
  LayerNormalization: correctLayerNorm,
  AveragePooling2D: correctAveragePool,
  UpSampling2D: correctUpSampling,
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

/** All layers in order, those of models inside the model too. */
function flatten(model: { readonly layers: readonly Layer[] }): Layer[] {
  return model.layers.flatMap((layer) =>
    'layers' in layer && Array.isArray(layer.layers) ? flatten({ layers: layer.layers }) : [layer],
  )
}
