/*
 * y = gamma (x - mean) / sqrt(variance + epsilon) + beta over the channels of each pixel.
 * Source: J. Ba et al., "Layer normalization", 2016. Gradient: with g = dy gamma, dx = (g - mean(g) - xhat mean(g xhat)) / deviation.
 */
import { emitReduceUpdate, GROUPS } from './bias-gradient.ts'
import { type Emitter, tensorArguments } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'

function sizesOf(op: FusedOp, emitter: Emitter) {
  const { layer } = op.node
  if (layer.kind !== 'layerNorm') throw new TypeError(`${op.node.name} is not a layer normalization`)
  const { height, width, channels, columns } = inputOf(op, emitter)
  return { height, width, channels, columns, epsilonf: layer.epsilon }
}

function forward(op: FusedOp, emitter: Emitter): void {
  emitter.call('layerNorm', emitter.batch, {
    ...tensorArguments('x', inputOf(op, emitter)),
    ...tensorArguments('y', emitter.output(op.output)),
    ...sizesOf(op, emitter),
    gamma: emitter.weight(op.node, 'gamma')?.at,
    beta: emitter.weight(op.node, 'beta')?.at,
  })
}

function backward(op: FusedOp, emitter: Emitter): void {
  const input = op.inputs[0] ?? 0
  const sizes = sizesOf(op, emitter)
  const gamma = emitter.weight(op.node, 'gamma')
  const beta = emitter.weight(op.node, 'beta')
  const read = {
    ...tensorArguments('x', inputOf(op, emitter)),
    ...tensorArguments('dy', emitter.gradient(op.output)),
    ...sizes,
  }
  if (!emitter.isConstant(input)) {
    const dx = tensorArguments('dx', emitter.gradient(input))
    emitter.call('layerNormGrad', emitter.batch, { ...read, ...dx, gamma: gamma?.at })
  }
  if (!gamma?.trainable && !beta?.trainable) return
  const half = sizes.columns * 4
  const groupBytes = 2 * half
  const partial = emitter.scratch(`${op.node.name}.partial`, GROUPS * groupBytes)
  emitter.call('layerNormSums', GROUPS, { ...read, batch: emitter.batch, groups: GROUPS, partial, groupBytes })
  if (gamma?.trainable) emitReduceUpdate(emitter, partial, groupBytes, sizes.columns, gamma)
  const rest = { ...partial, offset: partial.offset + half }
  if (beta?.trainable) emitReduceUpdate(emitter, rest, groupBytes, sizes.columns, beta)
}

export const layerNorm: Op = { forward, backward }
