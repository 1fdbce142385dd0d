/*
 * y = gamma (x - mean) / sqrt(variance + epsilon) + beta over batch, height and width, alone or with a 2x2 max pool behind it.
 * Source: S. Ioffe, C. Szegedy, "Batch normalization", ICML 2015; moving averages with the biased variance, as Keras 3.
 * Gradient: dx = gamma/deviation (dy - mean(dy) - xhat mean(dy xhat)), written as a dy + b x + c.
 */
import type { GraphNode } from '../graph/graph.ts'
import { type Emitter, type Ref, type Tensor, tensorArguments } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'

/** Sizes of what is normalised. */
interface Normalized {
  readonly columns: number
  readonly pixels: number
}

interface NormMemory {
  readonly stats: Ref
  readonly sums: Ref
}

/** Where a normalization keeps its statistics, and the sums from which they come. */
export function normMemory(node: GraphNode, emitter: Emitter, columns: number): NormMemory {
  return {
    stats: emitter.scratch(`${node.name}.stats`, 4 * columns * 4),
    sums: emitter.scratch(`${node.name}.sums`, emitter.batch * 2 * columns * 8),
  }
}

/** The winners of the 2x2 pool behind a normalization. */
export function winnersOf(node: GraphNode, emitter: Emitter, y: Tensor): { winner: Ref; winnerX: Ref } {
  const values = emitter.batch * y.height * y.width * y.columns
  const winner = emitter.scratch(`${node.name}.winner`, values)
  return { winner, winnerX: emitter.scratch(`${node.name}.winnerX`, values * 4) }
}

/** Scale and shift of a normalization: from the batch, whose sums `emitSums` leaves, or from the moving averages. */
export function emitStatistics(
  node: GraphNode,
  emitter: Emitter,
  size: Normalized,
  emitSums: (out: Ref) => void,
): void {
  if (node.layer.kind !== 'batchNorm') return
  const { momentum, epsilon } = node.layer
  const { stats, sums } = normMemory(node, emitter, size.columns)
  const weight = (role: string) => emitter.weight(node, role)?.at
  const shared = {
    columns: size.columns,
    gamma: weight('gamma'),
    beta: weight('beta'),
    movingMean: weight('moving_mean'),
    movingVariance: weight('moving_variance'),
    epsilonf: epsilon,
    stats,
  }
  // A layer that isn't trained normalises by its moving averages, in training too.
  if (emitter.mode !== 'train' || !node.trainable) {
    emitter.call('normInference', 1, shared)
    return
  }
  emitSums(sums)
  emitter.call('normFinish', 1, { ...shared, sums, batch: emitter.batch, pixels: size.pixels, momentumf: momentum })
}

/** Coefficients of the gradient, and the updates of gamma and beta, from the sums that `emitSums` leaves. */
export function emitGradientFinish(
  node: GraphNode,
  emitter: Emitter,
  size: Normalized,
  emitSums: (out: Ref) => void,
): Ref {
  const { stats, sums } = normMemory(node, emitter, size.columns)
  const gradSums = emitter.scratch(`${node.name}.gradSums`, sums.buffer.bytes)
  const coefficients = emitter.scratch(`${node.name}.coefficients`, 3 * size.columns * 4)
  const gamma = emitter.weight(node, 'gamma')
  const beta = emitter.weight(node, 'beta')
  if (node.trainable) emitSums(gradSums)
  emitter.call('normGradFinish', 1, {
    sums: node.trainable ? gradSums : undefined,
    batch: emitter.batch,
    pixels: size.pixels,
    columns: size.columns,
    frozen: node.trainable ? 0 : 1,
    stats,
    coefficients,
    gamma: gamma?.at,
    beta: beta?.at,
    update: gamma?.trainable || beta?.trainable ? emitter.update : undefined,
  })
  return coefficients
}

function forward(op: FusedOp, emitter: Emitter): void {
  const x = inputOf(op, emitter)
  const { height, width, columns } = x
  const y = emitter.output(op.output)
  emitStatistics(op.node, emitter, { columns, pixels: height * width }, (out) => {
    emitter.call('normSums', emitter.batch, { ...tensorArguments('x', x), height, width, columns, out })
  })
  const { stats } = normMemory(op.node, emitter, columns)
  const shared = { ...tensorArguments('x', x), ...tensorArguments('y', y), height, width, columns, stats }
  if (!op.pool) {
    emitter.call('normApply', emitter.batch, shared)
    return
  }
  const winners = emitter.mode === 'train' ? winnersOf(op.node, emitter, y) : { winner: undefined, winnerX: undefined }
  emitter.call('normPool', emitter.batch, { ...shared, ...winners, outHeight: y.height, outWidth: y.width })
}

function backward(op: FusedOp, emitter: Emitter): void {
  const x = inputOf(op, emitter)
  const { columns, height, width } = x
  const dy = emitter.gradient(op.output)
  const input = op.inputs[0] ?? 0
  const y = emitter.output(op.output)
  const pooled = { outHeight: y.height, outWidth: y.width }
  const winners = op.pool ? winnersOf(op.node, emitter, y) : undefined
  const coefficients = emitGradientFinish(op.node, emitter, { columns, pixels: height * width }, (out) => {
    const gradient = tensorArguments('dy', dy)
    if (winners)
      emitter.call('normPoolGradSums', emitter.batch, {
        ...gradient,
        ...pooled,
        winnerX: winners.winnerX,
        columns,
        out,
      })
    else
      emitter.call('normGradSums', emitter.batch, {
        ...gradient,
        ...tensorArguments('x', x),
        height,
        width,
        columns,
        out,
      })
  })
  if (emitter.isConstant(input)) return
  const dz = emitter.gradient(input)
  const mask = emitter.mask(input)
  const shared = {
    ...tensorArguments('dy', dy),
    ...tensorArguments('x', x),
    ...tensorArguments('dz', dz),
    height,
    width,
    columns,
    coefficients,
    relu: mask ? 1 : 0,
    keepf: mask?.keep ?? 1,
  }
  if (winners) emitter.call('normPoolGrad', emitter.batch, { ...shared, ...pooled, winner: winners.winner })
  else emitter.call('normGrad', emitter.batch, shared)
}

export const batchNorm: Op = { forward, backward, masksInput: true }
