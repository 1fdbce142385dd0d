import type { GraphNode } from '../graph/graph.ts'
import { activation } from '../ops/activation.ts'
import { averagePool, globalMaxPool } from '../ops/average-pool.ts'
import { batchNorm } from '../ops/batch-norm.ts'
import { conv2d } from '../ops/conv2d.ts'
import { dense } from '../ops/dense.ts'
import { depthwiseConv2d } from '../ops/depthwise-conv2d.ts'
import { identity } from '../ops/identity.ts'
import { input } from '../ops/input.ts'
import { add, concatenate } from '../ops/join.ts'
import { layerNorm } from '../ops/layer-norm.ts'
import { maxPool } from '../ops/max-pool.ts'
import { gaussianNoise, spatialDropout } from '../ops/noise.ts'
import type { FusedOp, Op } from '../ops/op.ts'
import { reshape } from '../ops/reshape.ts'
import { upSampling, zeroPadding } from '../ops/resize.ts'
import { stem } from '../ops/stem.ts'

/** The op of each layer. Activations and dropouts that work in place belong to the op before them. */
const ops: Readonly<Record<GraphNode['layer']['kind'], Op>> = {
  input,
  dense,
  conv2d,
  batchNorm,
  maxPool2d: maxPool,
  flatten: reshape,
  reshape,
  dropout: identity,
  activation,
  add,
  concatenate,
  averagePool2d: averagePool,
  globalAveragePool2d: averagePool,
  globalMaxPool2d: globalMaxPool,
  depthwiseConv2d,
  zeroPadding2d: zeroPadding,
  upSampling2d: upSampling,
  spatialDropout2d: spatialDropout,
  gaussianNoise,
  layerNorm,
}

/** The op that emits the kernels of what was fused around a layer. */
export function opOf(op: FusedOp): Op {
  return op.stem ? stem : ops[op.node.layer.kind]
}
