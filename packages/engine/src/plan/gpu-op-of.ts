import type { Issue } from '@gicho/core'
import type { Graph, GraphNode } from '../graph/graph.ts'
import { activationGpu } from '../ops/activation.gpu.ts'
import { averagePoolGpu, globalMaxPoolGpu } from '../ops/average-pool.gpu.ts'
import { batchNormGpu } from '../ops/batch-norm.gpu.ts'
import { conv2dGpu } from '../ops/conv2d.gpu.ts'
import { addGpu, copyGpu, reshapeGpu } from '../ops/copy.gpu.ts'
import { denseGpu } from '../ops/dense.gpu.ts'
import type { GpuOp } from '../ops/gpu-emitter.ts'
import { inputGpu } from '../ops/input.gpu.ts'
import { maxPoolGpu } from '../ops/max-pool.gpu.ts'
import { gaussianNoiseGpu, spatialDropoutGpu } from '../ops/noise.gpu.ts'
import { concatenateGpu, upSamplingGpu, zeroPaddingGpu } from '../ops/resize.gpu.ts'

/** The op of each layer on a GPU; what has none is another engine's work. */
const gpuOps: Readonly<Record<GraphNode['layer']['kind'], GpuOp | undefined>> = {
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
  depthwiseConv2d: undefined,
  zeroPadding2d: zeroPaddingGpu,
  upSampling2d: upSamplingGpu,
  spatialDropout2d: spatialDropoutGpu,
  gaussianNoise: gaussianNoiseGpu,
  layerNorm: undefined,
}

/** The op that emits the dispatches of a layer. Every graph here has passed `gpuIssues`. */
export function gpuOpOf(node: GraphNode): GpuOp {
  const op = gpuOps[node.layer.kind]
  if (!op) throw new TypeError(`${node.name} has no GPU kernels`)
  return op
}

/** What of a graph runs on the CPU alone. */
export function gpuIssues({ nodes }: Graph): Issue[] {
  return nodes.flatMap(({ name, layer, rules }) => {
    const issues: string[] = []
    if (!gpuOps[layer.kind]) issues.push(`${layer.kind} layers have no GPU kernels yet`)
    if (Object.keys(rules ?? {}).length > 0) issues.push('penalties and max-norm have no GPU kernels yet')
    return issues.map((message) => ({ where: name, message }))
  })
}
