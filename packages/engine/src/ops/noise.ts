/*
 * SpatialDropout2D: whole channels of an image become zero, the others are scaled by 1 / (1 - rate). GaussianNoise: y = x + stddev z.
 * Both only in training; the numbers are those of core's threefry.ts. Gradients: the same mask on dy, and dx = dy.
 */
import { dropThreshold } from '@gicho/core'
import { type Emitter, type Tensor, tensorArguments } from './emitter.ts'
import { inputOf } from './inputs.ts'
import { type FusedOp, keepFactor, type Op } from './op.ts'
import { copyTensor } from './tensor.ts'

function dropChannels(op: FusedOp, emitter: Emitter, x: Tensor, y: Tensor): void {
  const { layer } = op.node
  if (layer.kind !== 'spatialDropout2d') return
  emitter.call('spatialDropout', emitter.batch, {
    ...tensorArguments('x', x),
    ...tensorArguments('y', y),
    height: x.height,
    width: x.width,
    columns: x.columns,
    seed: emitter.seed | 0,
    stream: layer.stream,
    threshold: dropThreshold(layer.rate),
    keepf: keepFactor(layer.rate),
  })
}

function dropForward(op: FusedOp, emitter: Emitter): void {
  const x = inputOf(op, emitter)
  const y = emitter.output(op.output)
  if (emitter.mode === 'train') dropChannels(op, emitter, x, y)
  else copyTensor(emitter, x, y)
}

function dropBackward(op: FusedOp, emitter: Emitter): void {
  const input = op.inputs[0] ?? 0
  if (!emitter.isConstant(input)) dropChannels(op, emitter, emitter.gradient(op.output), emitter.gradient(input))
}

export const spatialDropout: Op = { forward: dropForward, backward: dropBackward }

function noiseForward(op: FusedOp, emitter: Emitter): void {
  const { layer } = op.node
  const x = inputOf(op, emitter)
  const y = emitter.output(op.output)
  if (layer.kind !== 'gaussianNoise' || emitter.mode !== 'train') {
    copyTensor(emitter, x, y)
    return
  }
  const { height, width, channels, columns } = x
  emitter.call('gaussianNoise', emitter.batch, {
    ...tensorArguments('x', x),
    ...tensorArguments('y', y),
    height,
    width,
    channels,
    columns,
    seed: emitter.seed | 0,
    stream: layer.stream,
    deviationf: layer.stddev,
  })
}

function noiseBackward(op: FusedOp, emitter: Emitter): void {
  const input = op.inputs[0] ?? 0
  if (!emitter.isConstant(input)) copyTensor(emitter, emitter.gradient(op.output), emitter.gradient(input))
}

export const gaussianNoise: Op = { forward: noiseForward, backward: noiseBackward }
