/*
 * The first block of an image network as one op: a 3x3 convolution of a single channel, its relu, batch normalization, 2x2 max pool.
 * The convolution's output is the largest tensor of such a network and the cheapest to compute (nine products a value): it is never
 * written, but computed anew, row by row in the first cache, for the sums, for the pool and for the gradient. For lesson 3 that
 * saves 52 of some 90 MB that a step of batch 32 would move.
 */
import type { GraphNode } from '../graph/graph.ts'
import { emitGradientFinish, emitStatistics, normMemory, winnersOf } from './batch-norm.ts'
import { GROUPS } from './bias-gradient.ts'
import { geometry, segmentsOf } from './conv-geometry.ts'
import { conv2d } from './conv2d.ts'
import { type Emitter, tensorArguments } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'

interface Stem {
  readonly relu: boolean
  readonly norm: GraphNode
}

function stemOf(op: FusedOp): Stem {
  if (!op.stem) throw new TypeError(`${op.node.name} is not a stem`)
  return op.stem
}

function convolution(op: FusedOp, emitter: Emitter) {
  const x = inputOf(op, emitter)
  const g = geometry(op, emitter)
  const kernel = emitter.weight(op.node, 'kernel')
  const { columns } = emitter.output(op.output)
  return {
    ...tensorArguments('x', x),
    xRow: x.row * g.layer.strides[0],
    xPixel: x.pixel * g.layer.strides[1],
    height: g.height,
    width: g.width,
    columns,
    segments: emitter.constants(`${op.node.name}.segments`, segmentsOf(g, x).offsets),
    w: kernel?.at,
    panelBytes: kernel?.panelBytes ?? 0,
    bias: emitter.weight(op.node, 'bias')?.at,
    relu: stemOf(op).relu ? 1 : 0,
  }
}

function forward(op: FusedOp, emitter: Emitter): void {
  const { norm } = stemOf(op)
  const conv = convolution(op, emitter)
  const y = emitter.output(op.output)
  emitStatistics(norm, emitter, { columns: y.columns, pixels: conv.height * conv.width }, (out) => {
    emitter.call('stemSums', emitter.batch, { ...conv, out })
  })
  const { stats } = normMemory(norm, emitter, y.columns)
  const winners = emitter.mode === 'train' ? winnersOf(norm, emitter, y) : { winner: undefined, winnerX: undefined }
  const pooled = { outHeight: y.height, outWidth: y.width }
  emitter.call('stemForward', emitter.batch, { ...conv, ...tensorArguments('y', y), stats, ...winners, ...pooled })
}

function backward(op: FusedOp, emitter: Emitter): void {
  const { norm } = stemOf(op)
  const conv = convolution(op, emitter)
  const { columns } = conv
  const dy = emitter.gradient(op.output)
  const y = emitter.output(op.output)
  const pooled = { outHeight: y.height, outWidth: y.width }
  const { winner, winnerX } = winnersOf(norm, emitter, y)
  const coefficients = emitGradientFinish(norm, emitter, { columns, pixels: conv.height * conv.width }, (out) => {
    emitter.call('normPoolGradSums', emitter.batch, { ...tensorArguments('dy', dy), ...pooled, winnerX, columns, out })
  })
  const kernel = emitter.weight(op.node, 'kernel')
  const bias = emitter.weight(op.node, 'bias')
  if (!kernel?.trainable) return
  const kernelBytes = Math.ceil(columns / 8) * kernel.panelBytes
  const groupBytes = kernelBytes + columns * 4
  const partial = emitter.scratch(`${op.node.name}.partial`, GROUPS * groupBytes)
  emitter.call('stemGrad', GROUPS, {
    ...conv,
    ...tensorArguments('dy', dy),
    coefficients,
    winner,
    ...pooled,
    batch: emitter.batch,
    groups: GROUPS,
    partial,
    groupBytes,
    biasOffset: kernelBytes,
  })
  const sum = { groupBytes, groups: GROUPS, update: emitter.update }
  emitter.call('reduceUpdate', 1, { ...sum, partial, words: kernelBytes / 4, tileWords: kernelBytes / 4, w: kernel.at })
  if (!bias) return
  const biasSums = { buffer: partial.buffer, offset: partial.offset + kernelBytes }
  emitter.call('reduceUpdate', 1, { ...sum, partial: biasSums, words: columns, tileWords: columns, w: bias.at })
}

export const stem: Op = { ...conv2d, forward, backward }
