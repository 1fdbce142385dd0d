/*
 * Reads one layer of a topology into the compiler's own terms. A layer or option that the compiler doesn't know becomes an
 * issue that names it; the caller collects them all, so that a user sees everything at once.
 */
import type { Issue, Shape } from '@gicho/core'
import { type Fields, flagAt, numberAt, pairAt, textAt } from './fields.ts'
import type { Activation, Layer } from './graph.ts'

/** A layer, and the activation that it applies itself. */
export interface ReadLayer {
  readonly layer: Layer
  readonly activation: Activation
}

export interface LayerSource {
  readonly className: string
  readonly name: string
  readonly config: Fields
  readonly inputShape: Shape
}

type Reader = (source: LayerSource, issues: Issue[], streams: { next: number }) => ReadLayer | undefined

const KNOWN_ACTIVATIONS: Readonly<Record<string, Activation>> = { linear: 'linear', relu: 'relu', softmax: 'softmax' }

function activationOf(source: LayerSource, issues: Issue[], key = 'activation'): Activation {
  const name = textAt(source.config, key, source.name, 'linear')
  const known = KNOWN_ACTIVATIONS[name]
  if (known === undefined) issues.push({ where: source.name, message: `the activation "${name}" isn't compiled yet` })
  return known ?? 'linear'
}

function refuseExtras(source: LayerSource, issues: Issue[], keys: readonly string[]): void {
  for (const key of keys) {
    const value = source.config[key]
    if (value !== undefined && value !== null) issues.push({ where: source.name, message: `${key} isn't compiled yet` })
  }
}

const REGULARIZERS = [
  'kernel_regularizer',
  'bias_regularizer',
  'activity_regularizer',
  'kernel_constraint',
  'bias_constraint',
]

function plain(layer: Layer): ReadLayer {
  return { layer, activation: 'linear' }
}

function padding(source: LayerSource, issues: Issue[]): 'same' | 'valid' {
  const value = textAt(source.config, 'padding', source.name, 'valid')
  if (value !== 'same' && value !== 'valid')
    issues.push({ where: source.name, message: `padding "${value}" isn't compiled` })
  return value === 'same' ? 'same' : 'valid'
}

function channelsLast(source: LayerSource, issues: Issue[]): void {
  const format = source.config.data_format ?? 'channels_last'
  if (format !== 'channels_last')
    issues.push({ where: source.name, message: `data format ${String(format)} isn't compiled` })
}

const readers: Readonly<Record<string, Reader>> = {
  Dense(source, issues) {
    refuseExtras(source, issues, REGULARIZERS)
    if (source.inputShape.length !== 1)
      issues.push({ where: source.name, message: 'Dense on more than one axis: put Flatten before it' })
    const { config, name } = source
    const layer = {
      kind: 'dense',
      units: numberAt(config, 'units', name),
      useBias: flagAt(config, 'use_bias', true),
    } as const
    return { layer, activation: activationOf(source, issues) }
  },
  Conv2D(source, issues) {
    refuseExtras(source, issues, REGULARIZERS)
    channelsLast(source, issues)
    const { config, name } = source
    const layer = {
      kind: 'conv2d',
      filters: numberAt(config, 'filters', name),
      kernelSize: pairAt(config, 'kernel_size', name),
      strides: pairAt(config, 'strides', name, 1),
      dilation: pairAt(config, 'dilation_rate', name, 1),
      padding: padding(source, issues),
      useBias: flagAt(config, 'use_bias', true),
    } as const
    if (numberAt(config, 'groups', name, 1) !== 1)
      issues.push({ where: name, message: "grouped convolutions aren't compiled yet" })
    return { layer, activation: activationOf(source, issues) }
  },
  BatchNormalization(source, issues) {
    const { config, name } = source
    refuseExtras(source, issues, ['beta_regularizer', 'gamma_regularizer', 'beta_constraint', 'gamma_constraint'])
    const axis = config.axis ?? -1
    if (axis !== -1 && axis !== source.inputShape.length)
      issues.push({ where: name, message: `axis ${String(axis)} isn't compiled: only the last` })
    return plain({
      kind: 'batchNorm',
      momentum: numberAt(config, 'momentum', name, 0.99),
      epsilon: numberAt(config, 'epsilon', name, 1e-3),
      center: flagAt(config, 'center', true),
      scale: flagAt(config, 'scale', true),
    })
  },
  MaxPooling2D(source, issues) {
    channelsLast(source, issues)
    const poolSize = pairAt(source.config, 'pool_size', source.name, 2)
    const strides = source.config.strides == null ? poolSize : pairAt(source.config, 'strides', source.name)
    return plain({ kind: 'maxPool2d', poolSize, strides, padding: padding(source, issues) })
  },
  Dropout(source, issues, streams) {
    refuseExtras(source, issues, ['noise_shape'])
    return plain({ kind: 'dropout', rate: numberAt(source.config, 'rate', source.name), stream: streams.next++ })
  },
  Flatten() {
    return plain({ kind: 'flatten' })
  },
  Activation(source, issues) {
    return { layer: { kind: 'activation', activation: 'linear' }, activation: activationOf(source, issues) }
  },
  Softmax(source, issues) {
    const axis = source.config.axis ?? -1
    if (axis !== -1 && axis !== source.inputShape.length)
      issues.push({ where: source.name, message: 'softmax on another axis than the last' })
    return { layer: { kind: 'activation', activation: 'linear' }, activation: 'softmax' }
  },
  ReLU(source, issues) {
    refuseExtras(source, issues, ['max_value'])
    return { layer: { kind: 'activation', activation: 'linear' }, activation: 'relu' }
  },
}

/** True for the layers that the compiler knows by name; their options may still be unknown. */
export function isKnown(className: string): boolean {
  return className === 'InputLayer' || Object.hasOwn(readers, className)
}

/** The layer, or an issue more in `issues`. */
export function readLayer(source: LayerSource, issues: Issue[], streams: { next: number }): ReadLayer | undefined {
  const reader = Object.hasOwn(readers, source.className) ? readers[source.className] : undefined
  if (reader) return reader(source, issues, streams)
  issues.push({ where: source.name, message: `${source.className} layers aren't compiled yet` })
  return undefined
}
