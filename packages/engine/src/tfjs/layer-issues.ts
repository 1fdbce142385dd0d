/* What tfjs can't build, or builds without a word and then does in another way than Keras: named before anything starts. */
import type { Issue } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { child, isRecord, type JsonRecord, text } from './record.ts'

/** Layers that draw from tfjs' own generator, which neither a seed nor a step number reaches. */
const UNSEEDED: ReadonlySet<string> = new Set([
  'AlphaDropout',
  'GaussianDropout',
  'SpatialDropout1D',
  'RandomWidth',
  'RandomHeight',
])

/** Layers that tfjs has, and that don't work there; what to do instead. */
const BROKEN: Readonly<Record<string, string>> = {
  CenterCrop:
    "tfjs' CenterCrop changes the shape of the layer before it. Use Cropping2D, which cuts by a number of rows and columns",
  Resizing: "tfjs' Resizing can't be run. Resize the images before: resizeNearest of @gicho/preprocess",
  Conv3DTranspose: "tfjs can't train Conv3DTranspose: it knows no gradient of it. Take it out",
}

/** Options that tfjs passes over, or stumbles over at the first step, unless they say what it does anyway. */
const PASSED_OVER: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  ReLU: { negative_slope: [0], threshold: [0] },
  ELU: { alpha: [1] },
  BatchNormalization: { renorm: [false] },
  LayerNormalization: { rms_scaling: [false] },
  GlobalAveragePooling1D: { keepdims: [false] },
  GlobalAveragePooling2D: { keepdims: [false] },
  GlobalMaxPooling1D: { keepdims: [false] },
  GlobalMaxPooling2D: { keepdims: [false] },
  UpSampling2D: { interpolation: ['nearest', 'bilinear'] },
  HalfPixelUpSampling2D: { data_format: ['channels_last', 'channelsLast'] },
}
const OF_ALL: Readonly<Record<string, readonly unknown[]>> = { activity_regularizer: [], groups: [1] }

/** What of a layer can't be trained exactly as Keras would, and why. */
export function layerIssues(layer: JsonRecord): Issue[] {
  const type = text(layer, 'class_name')
  const config = child(layer, 'config')
  const where = text(config, 'name') || type
  if (UNSEEDED.has(type)) {
    return [
      { where, message: `${type} draws numbers that no seed reaches. Use Dropout or GaussianNoise, or take it out.` },
    ]
  }
  if (!Object.hasOwn(tf.serialization.SerializationMap.getMap().classNameMap, type)) {
    const message =
      `tfjs has no ${type} layers. Register your own with tf.serialization.registerClass; if you have, there are two copies of tfjs: ` +
      'npm ls @tensorflow/tfjs-core shows them.'
    return [{ where, message }]
  }
  if (Object.hasOwn(BROKEN, type)) return [{ where, message: `${BROKEN[type]}.` }]
  if (isDilated(config.dilation_rate)) {
    return [
      { where, message: `tfjs can't train ${type} with a dilation rate above 1. Use strides, or the wasm engine.` },
    ]
  }
  const issues = optionIssues(type, config, where)
  if (type === 'Dropout') return [...issues, ...dropoutIssues(config, where)]
  const drops = [config.dropout, config.recurrent_dropout].some((rate) => typeof rate === 'number' && rate > 0)
  if (drops) return [{ where, message: `${type} with dropout inside draws unseeded masks. Set its dropout to 0.` }]
  return issues
}

function isDilated(rate: unknown): boolean {
  return [rate].flat().some((step) => typeof step === 'number' && step > 1)
}

function optionIssues(type: string, config: JsonRecord, where: string): Issue[] {
  const known = { ...OF_ALL, ...(Object.hasOwn(PASSED_OVER, type) ? PASSED_OVER[type] : {}) }
  const passedOver = Object.entries(known).flatMap(([key, meaningless]) => {
    const value = config[key]
    if (value == null || meaningless.includes(value)) return []
    const got = isRecord(value) ? text(value, 'class_name') : JSON.stringify(value)
    return [{ where, message: `tfjs can't train ${type} with ${key} ${got}. Leave it out.` }]
  })
  return [...passedOver, ...Object.entries(config).flatMap(([key, value]) => nameIssues(key, value, where))]
}

/** Regularizers, constraints, initializers and activations that tfjs doesn't know by their name. */
function nameIssues(key: string, value: unknown, where: string): Issue[] {
  const [kind] = /(regularizer|constraint|initializer|activation)$/.exec(key) ?? []
  const name = isRecord(value) ? text(value, 'class_name') : value
  if (kind === undefined || typeof name !== 'string' || isRegistered(name, kind)) return []
  const message = `tfjs has no ${kind} ${name} (${key}). Register your own with tf.serialization.registerClass.`
  return [{ where, message }]
}

function isRegistered(name: string, kind: string): boolean {
  const names = Object.keys(tf.serialization.SerializationMap.getMap().classNameMap)
  // tfjs looks activations up in camel case; layers of such names begin with a capital.
  if (kind === 'activation') return names.includes(name.replace(/_+(\w|$)/g, (_, next: string) => next.toUpperCase()))
  const plain = (from: string): string => from.toLowerCase().replaceAll('_', '')
  return names.some((one) => plain(one) === plain(name))
}

function dropoutIssues(config: JsonRecord, where: string): Issue[] {
  const issues: Issue[] = []
  const rate = config.rate
  if (typeof rate !== 'number' || !(rate >= 0 && rate < 1)) {
    issues.push({ where, message: `Dropout: expected a rate in [0, 1), got ${String(rate)}.` })
  }
  if (config.noise_shape != null) {
    issues.push({ where, message: 'Dropout with a noise shape is not known here. Leave noiseShape out.' })
  }
  return issues
}
