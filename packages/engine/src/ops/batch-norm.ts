/*
 * y = gamma (x - mean) / sqrt(variance + epsilon) + beta over batch, height and width, alone or with a 2x2 max pool behind it.
 * Source: S. Ioffe, C. Szegedy, "Batch normalization", ICML 2015; moving averages with the biased variance, as Keras 3.
 * Gradient: dx = gamma/deviation (dy - mean(dy) - xhat mean(dy xhat)), written as a dy + b x + c.
 */
import { type Emitter, type Ref, type Tensor, tensorArguments } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'

interface Parts {
  readonly x: Tensor
  readonly stats: Ref
  readonly sums: Ref
  readonly pixels: number
}

function parts(op: FusedOp, emitter: Emitter): Parts {
  const x = inputOf(op, emitter)
  const { name } = op.node
  return {
    x,
    stats: emitter.scratch(`${name}.stats`, 4 * x.columns * 4),
    sums: emitter.scratch(`${name}.sums`, emitter.batch * 2 * x.columns * 8),
    pixels: x.height * x.width,
  }
}

function winnersOf(op: FusedOp, emitter: Emitter, y: Tensor): { winner: Ref; winnerX: Ref } {
  const values = emitter.batch * y.height * y.width * y.columns
  const winner = emitter.scratch(`${op.node.name}.winner`, values)
  return { winner, winnerX: emitter.scratch(`${op.node.name}.winnerX`, values * 4) }
}

function statistics(op: FusedOp, emitter: Emitter, { x, stats, sums, pixels }: Parts): void {
  if (op.node.layer.kind !== 'batchNorm') return
  const { momentum, epsilon } = op.node.layer
  const weight = (role: string) => emitter.weight(op.node, role)?.at
  const shared = {
    columns: x.columns,
    gamma: weight('gamma'),
    beta: weight('beta'),
    movingMean: weight('moving_mean'),
    movingVariance: weight('moving_variance'),
    epsilonf: epsilon,
    stats,
  }
  // A layer that isn't trained normalises by its moving averages, in training too.
  if (emitter.mode !== 'train' || !op.node.trainable) {
    emitter.call('normInference', 1, shared)
    return
  }
  emitter.call('normSums', emitter.batch, {
    ...tensorArguments('x', x),
    height: x.height,
    width: x.width,
    columns: x.columns,
    out: sums,
  })
  emitter.call('normFinish', 1, { ...shared, sums, batch: emitter.batch, pixels, momentumf: momentum })
}

function forward(op: FusedOp, emitter: Emitter): void {
  const all = parts(op, emitter)
  const { x, stats } = all
  const y = emitter.output(op.output)
  statistics(op, emitter, all)
  const shared = {
    ...tensorArguments('x', x),
    ...tensorArguments('y', y),
    height: x.height,
    width: x.width,
    columns: x.columns,
    stats,
  }
  if (!op.pool) {
    emitter.call('normApply', emitter.batch, shared)
    return
  }
  const { winner, winnerX } =
    emitter.mode === 'train' ? winnersOf(op, emitter, y) : { winner: undefined, winnerX: undefined }
  emitter.call('normPool', emitter.batch, { ...shared, winner, winnerX, outHeight: y.height, outWidth: y.width })
}

function backward(op: FusedOp, emitter: Emitter): void {
  const { x, stats, sums, pixels } = parts(op, emitter)
  const dy = emitter.gradient(op.output)
  const input = op.inputs[0] ?? 0
  const { columns, height, width } = x
  const gradSums = emitter.scratch(`${op.node.name}.gradSums`, sums.buffer.bytes)
  const coefficients = emitter.scratch(`${op.node.name}.coefficients`, 3 * columns * 4)
  const y = emitter.output(op.output)
  const pooled = { outHeight: y.height, outWidth: y.width }
  const winners = op.pool ? winnersOf(op, emitter, y) : undefined
  if (winners) {
    emitter.call('normPoolGradSums', emitter.batch, {
      ...tensorArguments('dy', dy),
      ...pooled,
      winnerX: winners.winnerX,
      columns,
      out: gradSums,
    })
  } else {
    emitter.call('normGradSums', emitter.batch, {
      ...tensorArguments('dy', dy),
      ...tensorArguments('x', x),
      height,
      width,
      columns,
      out: gradSums,
    })
  }
  const gamma = emitter.weight(op.node, 'gamma')
  const beta = emitter.weight(op.node, 'beta')
  emitter.call('normGradFinish', 1, {
    sums: gradSums,
    batch: emitter.batch,
    pixels,
    columns,
    stats,
    coefficients,
    gamma: gamma?.at,
    beta: beta?.at,
    update: gamma?.trainable || beta?.trainable ? emitter.update : undefined,
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
