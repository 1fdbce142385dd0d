/*
 * Two names mean other formulas in Keras 3 than in Keras 2 and tfjs: the activation hard_sigmoid and the bilinear UpSampling2D. Here
 * Keras 3's formulas have names of their own, so that a topology says by itself which of the two it means.
 */
import { isJsonObject, type JsonObject } from './json-fields.ts'

/** Keras 3's hard_sigmoid, relu6(x + 3) / 6; tfjs' hardSigmoid is clip(0.2 x + 0.5, 0, 1). */
export const HARD_SIGMOID_RELU6 = 'hardSigmoidRelu6'
/** Keras 3's bilinear UpSampling2D, whose pixels have their coordinates at their centres; in tfjs' they lie at their corners. */
export const HALF_PIXEL_UP_SAMPLING = 'HalfPixelUpSampling2D'

/** A topology that Keras 3 wrote, with its formulas' own names; any other as it is. */
export function withKeras3Names(topology: JsonObject): JsonObject {
  const { keras_version: version, model_config: wrapped } = topology
  const isKeras3 = (from: JsonObject): boolean => String(from.keras_version ?? '').startsWith('3.')
  if (!isKeras3(topology) && !(isJsonObject(wrapped) && isKeras3(wrapped))) return topology
  const named = renamed(topology)
  return isJsonObject(named) ? { ...named, keras_version: version } : topology
}

function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed)
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).map(([key, entry]) => [key, renamedField(key, entry)])
  const fields: JsonObject = Object.fromEntries(entries)
  const { config } = value
  const isBilinear = value.class_name === 'UpSampling2D' && isJsonObject(config) && config.interpolation === 'bilinear'
  return isBilinear ? { ...fields, class_name: HALF_PIXEL_UP_SAMPLING } : fields
}

function renamedField(key: string, value: unknown): unknown {
  if (!/activation$/i.test(key)) return renamed(value)
  const isFunction = isJsonObject(value) && value.class_name === 'function'
  const name = isFunction ? value.config : isJsonObject(value) ? value.class_name : value
  const isHardSigmoid = typeof name === 'string' && name.toLowerCase().replaceAll('_', '') === 'hardsigmoid'
  return isHardSigmoid ? HARD_SIGMOID_RELU6 : renamed(value)
}
