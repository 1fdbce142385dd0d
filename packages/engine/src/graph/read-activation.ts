// Activations as layers and as options of layers.
import type { Issue } from '@gicho/core'
import { type Fields, isFields, numberAt, textAt } from './fields.ts'
import type { Activation, ActivationForm } from './graph.ts'
import { type LayerSource, LINEAR, type Reader, type ReadLayer } from './layer-source.ts'

/** Names in topologies, Keras' and tfjs', lower case and without underscores. hardSigmoidRelu6 is core's name for Keras 3's. */
const KNOWN: Readonly<Record<string, Activation>> = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu6',
  leakyrelu: 'leakyRelu',
  elu: 'elu',
  selu: 'selu',
  sigmoid: 'sigmoid',
  hardsigmoid: 'hardSigmoid',
  hardsigmoidrelu6: 'hardSigmoid',
  tanh: 'tanh',
  softplus: 'softplus',
  swish: 'swish',
  silu: 'swish',
  gelu: 'gelu',
  softmax: 'softmax',
}

/** By name, as it stands in KNOWN. */
const DEFAULT_ALPHA: Readonly<Record<string, number>> = {
  elu: 1,
  leakyrelu: 0.2,
  hardsigmoid: 0.2,
  hardsigmoidrelu6: 1 / 6,
}

/** The activation that a layer's option names. */
export function activationOf(source: LayerSource, issues: Issue[], key = 'activation'): ActivationForm {
  const value = source.config[key]
  const fields: Fields = isFields(value) ? { activation: value.class_name } : { activation: value }
  const name = textAt(fields, 'activation', source.name, 'linear')
  const plainName = name.toLowerCase().replaceAll('_', '')
  const known = Object.hasOwn(KNOWN, plainName) ? KNOWN[plainName] : undefined
  if (known === undefined) issues.push({ where: source.name, message: `the activation "${name}" isn't compiled yet` })
  return known === undefined ? LINEAR : { activation: known, alpha: DEFAULT_ALPHA[plainName] ?? 0 }
}

function layerOf(activation: Activation, alpha = 0): ReadLayer {
  return { layer: { kind: 'activation', ...LINEAR }, activation: { activation, alpha } }
}

/** 0 where the topology leaves it out or says null. */
function optional(source: LayerSource, key: string): number {
  return source.config[key] == null ? 0 : numberAt(source.config, key, source.name)
}

export const activationReaders: Readonly<Record<string, Reader>> = {
  Activation(source, issues) {
    return { layer: { kind: 'activation', ...LINEAR }, activation: activationOf(source, issues) }
  },
  Softmax(source, issues) {
    const axis = source.config.axis ?? -1
    if (axis !== -1 && axis !== source.inputShape.length)
      issues.push({ where: source.name, message: 'softmax on another axis than the last' })
    return layerOf('softmax')
  },
  ReLU(source, issues) {
    if (optional(source, 'negative_slope') !== 0 || optional(source, 'threshold') !== 0)
      issues.push({ where: source.name, message: "a slope or threshold of ReLU isn't compiled: use LeakyReLU" })
    const { max_value: top } = source.config
    if (top != null && top !== 6)
      issues.push({ where: source.name, message: `max_value ${String(top)} isn't compiled: only 6` })
    return layerOf(top == null ? 'relu' : 'relu6')
  },
  LeakyReLU(source) {
    // tfjs and Keras 2 say alpha (0.3 unless said), Keras 3 negative_slope.
    const { alpha = source.config.negative_slope ?? 0.3 } = source.config
    return layerOf('leakyRelu', numberAt({ alpha }, 'alpha', source.name))
  },
  ELU(source) {
    return layerOf('elu', source.config.alpha == null ? 1 : numberAt(source.config, 'alpha', source.name))
  },
}
