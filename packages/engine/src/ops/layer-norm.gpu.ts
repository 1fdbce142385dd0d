/* Layer normalization on the GPU: see layer-norm.ts. Mean and deviation of each pixel are kept for the gradient. */
import { chunksOf, MOST_CHUNKS } from './batch-norm.gpu.ts'
import type { Ref } from './emitter.ts'
import { finishOf, type GpuEmitter, type GpuOp } from './gpu-emitter.ts'
import type { FusedOp } from './op.ts'

function statsOf(op: FusedOp, emitter: GpuEmitter): Ref {
  const { batch, height, width } = emitter.output(op.inputs[0] ?? 0)
  return emitter.scratch(`${op.node.name}.stats`, batch * height * width * 16)
}

function forward(op: FusedOp, emitter: GpuEmitter): void {
  const { layer } = op.node
  if (layer.kind !== 'layerNorm') throw new TypeError(`${op.node.name} is not a layer normalization`)
  emitter.call('layerNorm', {
    x: emitter.output(op.inputs[0] ?? 0),
    y: emitter.output(op.output),
    gamma: emitter.weight(op.node, 'gamma')?.at,
    beta: emitter.weight(op.node, 'beta')?.at,
    epsilon: layer.epsilon,
    stats: emitter.mode === 'train' ? statsOf(op, emitter) : undefined,
    finish: finishOf(op, emitter),
  })
}

function backward(op: FusedOp, emitter: GpuEmitter): void {
  const input = op.inputs[0] ?? 0
  const x = emitter.output(input)
  const gamma = emitter.weight(op.node, 'gamma')
  const beta = emitter.weight(op.node, 'beta')
  const read = { x, dy: emitter.gradient(op.output), stats: statsOf(op, emitter) }
  if (!emitter.isConstant(input))
    emitter.call('layerNormGrad', { ...read, dx: emitter.gradient(input), gamma: gamma?.at })
  if (!gamma?.trainable && !beta?.trainable) return
  const { columns } = x
  const chunks = chunksOf(x.batch * x.height * x.width)
  const sums = emitter.scratch(`${op.node.name}.sums`, MOST_CHUNKS * 2 * columns * 4)
  emitter.call('layerNormSums', { ...read, chunks, out: sums })
  emitter.call('layerNormUpdate', { sums, chunks, columns, gamma, beta, update: emitter.updateOf(gamma) })
}

export const layerNormGpu: GpuOp = { forward, backward }
