/*
 * The gradient of a convolution with a stride above 1 with respect to its input: each dz[n, i, j, o] w[r, s, c, o] is added to
 * dx[n, i stride + r dilation - top, j stride + s dilation - left, c]. Plain loops, image by image.
 */
import type { LayerOf } from '../graph/graph.ts'
import { type Emitter, type Tensor, tensorArguments, type WeightRef } from './emitter.ts'

/** True when a convolution skips places. */
export function isStrided({ strides }: Pick<LayerOf<'conv2d'>, 'strides'>): boolean {
  return strides[0] > 1 || strides[1] > 1
}

/** Writes dx. */
export function emitStridedGradient(
  emitter: Emitter,
  { layer, top, left }: { readonly layer: LayerOf<'conv2d'>; readonly top: number; readonly left: number },
  kernel: WeightRef,
  dz: Tensor,
  dx: Tensor,
): void {
  const [kernelY, kernelX] = layer.kernelSize
  const [strideY, strideX] = layer.strides
  const [dilationY, dilationX] = layer.dilation
  emitter.call('stridedDx', emitter.batch, {
    ...tensorArguments('dz', dz),
    ...tensorArguments('dx', dx),
    height: dx.height,
    width: dx.width,
    outHeight: dz.height,
    outWidth: dz.width,
    inputs: dx.columns,
    columns: dz.columns,
    kernelY,
    kernelX,
    strideY,
    strideX,
    dilationY,
    dilationX,
    top,
    left,
    w: kernel.at,
    panelBytes: kernel.panelBytes,
  })
}
