/*
 * Batch normalization on the GPU, with the 2x2 max pool behind it. Pixels are cut into chunks; each chunk's mean and squared
 * deviations from it are merged afterwards (T. Chan, G. Golub, R. LeVeque, 1979), so float32 loses nothing where a mean is large.
 * Gradient: dx = a dy + b (x - mean) + c, its sums over the winners alone where there is a pool.
 */
import type { Ref } from './emitter.ts'
import { finishOf, type GpuEmitter, type GpuOp } from './gpu-emitter.ts'
import type { Chunks, NormSource } from './gpu-table.ts'
import { winnerOf } from './max-pool.gpu.ts'
import type { FusedOp } from './op.ts'

/** One for each thread of the workgroup that merges them. */
export const MOST_CHUNKS = 256
const PIXELS_PER_CHUNK = 32

/** Pixels in as many chunks as can be merged at once. */
export function chunksOf(pixels: number): Chunks {
  const size = Math.max(PIXELS_PER_CHUNK, Math.ceil(pixels / MOST_CHUNKS))
  return { pixels, size, chunks: Math.ceil(pixels / size) }
}

function sourceOf(op: FusedOp, emitter: GpuEmitter): NormSource & { readonly momentum: number } {
  const { layer } = op.node
  if (layer.kind !== 'batchNorm') throw new TypeError(`${op.node.name} is not a normalization`)
  const at = (role: string): Ref | undefined => emitter.weight(op.node, role)?.at
  return {
    gamma: at('gamma'),
    beta: at('beta'),
    movingMean: at('moving_mean'),
    movingVariance: at('moving_variance'),
    epsilon: layer.epsilon,
    momentum: layer.momentum,
  }
}

function sumsOf(op: FusedOp, emitter: GpuEmitter, what: string, columns: number): Ref {
  return emitter.scratch(`${op.node.name}.${what}`, MOST_CHUNKS * 2 * columns * 4)
}

/** The batch's statistics; none where the moving averages are used: a layer that isn't trained does so in training too. */
function statsOf(op: FusedOp, emitter: GpuEmitter, columns: number): Ref | undefined {
  if (emitter.mode !== 'train' || !op.node.trainable) return undefined
  return emitter.scratch(`${op.node.name}.stats`, 4 * columns * 4)
}

function forward(op: FusedOp, emitter: GpuEmitter): void {
  const x = emitter.output(op.inputs[0] ?? 0)
  const y = emitter.output(op.output)
  const { momentum, ...source } = sourceOf(op, emitter)
  const stats = statsOf(op, emitter, x.columns)
  if (stats) {
    const chunks = chunksOf(x.batch * x.height * x.width)
    const sums = sumsOf(op, emitter, 'sums', x.columns)
    emitter.call('normSums', { x, chunks, out: sums })
    emitter.call('normFinish', { sums, chunks, columns: x.columns, source, momentum, stats })
  }
  const winner = op.pool && emitter.mode === 'train' ? winnerOf(op, emitter, y) : undefined
  emitter.call('normApply', { x, y, stats, source, pool: op.pool, winner, finish: finishOf(op, emitter) })
}

function backward(op: FusedOp, emitter: GpuEmitter): void {
  const input = op.inputs[0] ?? 0
  const x = emitter.output(input)
  const dy = emitter.gradient(op.output)
  const winner = op.pool ? winnerOf(op, emitter, emitter.output(op.output)) : undefined
  const stats = statsOf(op, emitter, x.columns)
  const { momentum: _, ...source } = sourceOf(op, emitter)
  const coefficients = stats && emitGradientFinish(op, emitter, stats)
  if (emitter.isConstant(input)) return
  const dx = emitter.gradient(input)
  emitter.call('normGrad', { x, dy, dx, stats, source, coefficients, winner, mask: emitter.mask(input) })
}

function emitGradientFinish(op: FusedOp, emitter: GpuEmitter, stats: Ref): Ref {
  const x = emitter.output(op.inputs[0] ?? 0)
  const dy = emitter.gradient(op.output)
  const { columns } = x
  const winner = op.pool ? winnerOf(op, emitter, emitter.output(op.output)) : undefined
  const chunks = chunksOf(dy.batch * dy.height * dy.width)
  const sums = sumsOf(op, emitter, 'gradSums', columns)
  const coefficients = emitter.scratch(`${op.node.name}.coefficients`, 3 * columns * 4)
  const gamma = emitter.weight(op.node, 'gamma')
  const beta = emitter.weight(op.node, 'beta')
  emitter.call('normGradSums', { x, dy, stats, winner, chunks, out: sums })
  emitter.call('normGradFinish', {
    sums,
    chunks,
    count: x.batch * x.height * x.width,
    columns,
    stats,
    coefficients,
    gamma,
    beta,
    update: emitter.updateOf(gamma),
  })
  return coefficients
}

export const batchNormGpu: GpuOp = { forward, backward, masksInput: true }
