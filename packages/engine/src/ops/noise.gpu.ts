/* SpatialDropout2D and GaussianNoise on the GPU: see noise.ts. */
import { dropThreshold } from '@gicho/core'
import { finishOf, type GpuEmitter, type GpuOp, isPlain, PLAIN } from './gpu-emitter.ts'
import type { Finish } from './gpu-table.ts'
import { type FusedOp, keepFactor } from './op.ts'

/** The mask as a finish, in training. */
function maskOf({ node }: FusedOp, { mode, seed }: GpuEmitter): Finish {
  const { layer } = node
  if (layer.kind !== 'spatialDropout2d') throw new TypeError(`${node.name} drops nothing`)
  if (mode !== 'train') return PLAIN
  const threshold = dropThreshold(layer.rate)
  const keep = keepFactor(layer.rate)
  return { relu: false, dropout: { wholeChannels: true, seed, stream: layer.stream, threshold, keep } }
}

function dropForward(op: FusedOp, emitter: GpuEmitter): void {
  const y = emitter.output(op.output)
  const finish = finishOf(op, emitter)
  emitter.call('copy', { x: emitter.output(op.inputs[0] ?? 0), y, add: false, finish: maskOf(op, emitter) })
  if (!isPlain(finish)) emitter.call('copy', { x: y, y, add: false, finish })
}

function dropBackward(op: FusedOp, emitter: GpuEmitter): void {
  const input = op.inputs[0] ?? 0
  if (emitter.isConstant(input)) return
  const tensors = { x: emitter.gradient(op.output), y: emitter.gradient(input) }
  emitter.call('copy', { ...tensors, add: false, finish: maskOf(op, emitter) })
}

export const spatialDropoutGpu: GpuOp = { forward: dropForward, backward: dropBackward }

function noiseForward(op: FusedOp, emitter: GpuEmitter): void {
  const { layer } = op.node
  const tensors = { x: emitter.output(op.inputs[0] ?? 0), y: emitter.output(op.output) }
  const finish = finishOf(op, emitter)
  if (layer.kind === 'gaussianNoise' && emitter.mode === 'train') {
    const { stream, stddev } = layer
    emitter.call('noise', { ...tensors, seed: emitter.seed, stream, stddev, finish })
  } else emitter.call('copy', { ...tensors, add: false, finish })
}

function noiseBackward(op: FusedOp, emitter: GpuEmitter): void {
  const input = op.inputs[0] ?? 0
  if (emitter.isConstant(input)) return
  emitter.call('copy', { x: emitter.gradient(op.output), y: emitter.gradient(input), add: false, finish: PLAIN })
}

export const gaussianNoiseGpu: GpuOp = { forward: noiseForward, backward: noiseBackward }
