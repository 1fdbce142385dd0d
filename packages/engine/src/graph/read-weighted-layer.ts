// Layers that have weights.
import type { Issue } from '@gicho/core'
import { flagAt, numberAt, numberWithin, pairAt, sizeAt } from './fields.ts'
import {
  checkWindow,
  type LayerSource,
  paddingOf,
  plain,
  type Reader,
  readsImage,
  refuseExtras,
  rulesOf,
} from './layer-source.ts'
import { activationOf } from './read-activation.ts'

/** What a convolution's window is. */
function windowOf(source: LayerSource, issues: Issue[]) {
  readsImage(source, issues)
  const { config, name } = source
  const kernelSize = pairAt(config, 'kernel_size', name)
  const dilation = pairAt(config, 'dilation_rate', name, 1)
  checkWindow(source, issues, kernelSize, dilation)
  return { kernelSize, strides: pairAt(config, 'strides', name, 1), dilation, padding: paddingOf(source, issues) }
}

function lastAxisOnly(source: LayerSource, issues: Issue[]): void {
  const axis = JSON.stringify(source.config.axis ?? -1)
  const last = source.inputShape.length
  if (!['-1', '[-1]', `${last}`, `[${last}]`].includes(axis))
    issues.push({ where: source.name, message: `axis ${axis} isn't compiled: only the last` })
}

const NORM_EXTRAS = ['beta_regularizer', 'gamma_regularizer', 'beta_constraint', 'gamma_constraint']

export const weightedReaders: Readonly<Record<string, Reader>> = {
  Dense(source, issues) {
    refuseExtras(source, issues, ['activity_regularizer'])
    if (source.inputShape.length !== 1)
      issues.push({ where: source.name, message: 'Dense on more than one axis: put Flatten before it' })
    const { config, name } = source
    const units = sizeAt(config, 'units', name)
    const layer = { kind: 'dense', units, useBias: flagAt(config, 'use_bias', true) } as const
    const rules = rulesOf(source, issues, { kernel: 'kernel', bias: 'bias' })
    return { layer, activation: activationOf(source, issues), rules }
  },
  Conv2D(source, issues) {
    refuseExtras(source, issues, ['activity_regularizer'])
    const { config, name } = source
    const layer = {
      kind: 'conv2d',
      filters: sizeAt(config, 'filters', name),
      useBias: flagAt(config, 'use_bias', true),
      ...windowOf(source, issues),
    } as const
    if (numberAt(config, 'groups', name, 1) !== 1)
      issues.push({ where: name, message: "grouped convolutions aren't compiled yet" })
    const rules = rulesOf(source, issues, { kernel: 'kernel', bias: 'bias' })
    return { layer, activation: activationOf(source, issues), rules }
  },
  DepthwiseConv2D(source, issues) {
    refuseExtras(source, issues, ['activity_regularizer', 'depthwise_constraint', 'bias_constraint'])
    const { config, name } = source
    const layer = {
      kind: 'depthwiseConv2d',
      multiplier: sizeAt(config, 'depth_multiplier', name, 1),
      useBias: flagAt(config, 'use_bias', true),
      ...windowOf(source, issues),
    } as const
    const rules = rulesOf(source, issues, { depthwise_kernel: 'depthwise', bias: 'bias' })
    return { layer, activation: activationOf(source, issues), rules }
  },
  SeparableConv2D(source, issues) {
    refuseExtras(source, issues, ['activity_regularizer', 'depthwise_constraint', 'pointwise_constraint'])
    refuseExtras(source, issues, ['bias_constraint'])
    const { config, name } = source
    const first = {
      kind: 'depthwiseConv2d',
      multiplier: sizeAt(config, 'depth_multiplier', name, 1),
      useBias: false,
      ...windowOf(source, issues),
    } as const
    const layer = {
      kind: 'conv2d',
      filters: sizeAt(config, 'filters', name),
      useBias: flagAt(config, 'use_bias', true),
      kernelSize: [1, 1],
      strides: [1, 1],
      dilation: [1, 1],
      padding: 'valid',
    } as const
    return {
      before: { layer: first, rules: rulesOf(source, issues, { depthwise_kernel: 'depthwise' }) },
      layer,
      roles: { kernel: 'pointwise_kernel' },
      rules: rulesOf(source, issues, { kernel: 'pointwise', bias: 'bias' }),
      activation: activationOf(source, issues),
    }
  },
  BatchNormalization(source, issues) {
    refuseExtras(source, issues, NORM_EXTRAS)
    lastAxisOnly(source, issues)
    const { config, name } = source
    return plain({
      kind: 'batchNorm',
      momentum: numberWithin(config, 'momentum', name, { least: 0, most: 1, otherwise: 0.99 }),
      epsilon: numberWithin(config, 'epsilon', name, { least: 0, otherwise: 1e-3 }),
      center: flagAt(config, 'center', true),
      scale: flagAt(config, 'scale', true),
    })
  },
  LayerNormalization(source, issues) {
    refuseExtras(source, issues, NORM_EXTRAS)
    lastAxisOnly(source, issues)
    const { config, name } = source
    return plain({
      kind: 'layerNorm',
      epsilon: numberWithin(config, 'epsilon', name, { least: 0, otherwise: 1e-3 }),
      center: flagAt(config, 'center', true),
      scale: flagAt(config, 'scale', true),
    })
  },
}
