import type { GpuCall, GpuKernelName, GpuKernels } from '../../ops/gpu-table.ts'
import { activate, activateGrad, noise } from './activation.ts'
import { averagePool, averagePoolGrad, globalMax, globalMaxGrad } from './average-pool.ts'
import { normApply, normFinish, normGrad, normGradFinish, normGradSums, normSums } from './batch-norm.ts'
import { copy, finishGrad, relayout } from './copy.ts'
import { depthwise, depthwiseDw, depthwiseDx } from './depthwise.ts'
import { gather } from './gather.ts'
import { layerNorm, layerNormGrad, layerNormSums, layerNormUpdate } from './layer-norm.ts'
import { loss, outputs } from './loss.ts'
import { maxPool, maxPoolGrad } from './pool.ts'
import { product, productDw, productDx, reduceUpdate } from './product.ts'
import { shift, upSample, upSampleBilinear, upSampleBilinearGrad, upSampleGrad } from './resize.ts'
import { maxNorm, penalty } from './rules.ts'
import { applyUpdate, gradientSquares } from './separate-update.ts'
import type { Shader } from './shader.ts'
import type { ShaderFeatures } from './workgroup-sum.ts'

const kernels: { readonly [K in GpuKernelName]: (args: GpuKernels[K], features: ShaderFeatures) => Shader } = {
  gather,
  product,
  productDx,
  productDw,
  reduceUpdate,
  normSums,
  normFinish,
  normApply,
  normGradSums,
  normGradFinish,
  normGrad,
  maxPool,
  maxPoolGrad,
  copy,
  relayout,
  finishGrad,
  loss,
  outputs,
  gradientSquares,
  applyUpdate,
  shift,
  upSample,
  upSampleGrad,
  upSampleBilinear,
  upSampleBilinearGrad,
  averagePool,
  averagePoolGrad,
  globalMax,
  globalMaxGrad,
  noise,
  activate,
  activateGrad,
  layerNorm,
  layerNormGrad,
  layerNormSums,
  layerNormUpdate,
  depthwise,
  depthwiseDx,
  depthwiseDw,
  penalty,
  maxNorm,
}

function shaderOf<K extends GpuKernelName>(kernel: K, args: GpuKernels[K], features: ShaderFeatures): Shader {
  return kernels[kernel](args, features)
}

/** The shader of a dispatch, for a device with these features. */
export function shaderOfCall({ kernel, args }: GpuCall, features: ShaderFeatures): Shader {
  return shaderOf<GpuKernelName>(kernel, args, features)
}
