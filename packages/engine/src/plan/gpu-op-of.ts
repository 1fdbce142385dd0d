import type { GraphNode } from '../graph/graph.ts'
import { activationGpu } from '../ops/activation.gpu.ts'
import { averagePoolGpu, globalMaxPoolGpu } from '../ops/average-pool.gpu.ts'
import { batchNormGpu } from '../ops/batch-norm.gpu.ts'
import { conv2dGpu } from '../ops/conv2d.gpu.ts'
import { addGpu, copyGpu, reshapeGpu } from '../ops/copy.gpu.ts'
import { denseGpu } from '../ops/dense.gpu.ts'
import { depthwiseConv2dGpu } from '../ops/depthwise-conv2d.gpu.ts'
import type { GpuOp } from '../ops/gpu-emitter.ts'
import { inputGpu } from '../ops/input.gpu.ts'
import { layerNormGpu } from '../ops/layer-norm.gpu.ts'
import { maxPoolGpu } from '../ops/max-pool.gpu.ts'
import { gaussianNoiseGpu, spatialDropoutGpu } from '../ops/noise.gpu.ts'
import { concatenateGpu, upSamplingGpu, zeroPaddingGpu } from '../ops/resize.gpu.ts'

/** The op of each layer on a GPU. */
const gpuOps: Readonly<Record<GraphNode['layer']['kind'], GpuOp>> = {
  input: inputGpu,
  dense: denseGpu,
  conv2d: conv2dGpu,
  batchNorm: batchNormGpu,
  maxPool2d: maxPoolGpu,
  flatten: reshapeGpu,
  reshape: reshapeGpu,
  dropout: copyGpu,
  activation: activationGpu,
  add: addGpu,
  concatenate: concatenateGpu,
  averagePool2d: averagePoolGpu,
  globalAveragePool2d: averagePoolGpu,
  globalMaxPool2d: globalMaxPoolGpu,
  depthwiseConv2d: depthwiseConv2dGpu,
  zeroPadding2d: zeroPaddingGpu,
  upSampling2d: upSamplingGpu,
  spatialDropout2d: spatialDropoutGpu,
  gaussianNoise: gaussianNoiseGpu,
  layerNorm: layerNormGpu,
}

/** The op that emits the dispatches of a layer. */
export function gpuOpOf(node: GraphNode): GpuOp {
  return gpuOps[node.layer.kind]
}
