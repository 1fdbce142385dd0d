/** The sizes of a depthwise convolution: what tfjs' `computeConv2DInfo` says of it; images [N, H, W, C], `outChannels` = C x M. */
export interface DepthwiseSizes {
  readonly batchSize: number
  readonly inChannels: number
  readonly outChannels: number
  readonly inHeight: number
  readonly inWidth: number
  readonly outHeight: number
  readonly outWidth: number
  readonly filterHeight: number
  readonly filterWidth: number
  readonly strideHeight: number
  readonly strideWidth: number
  readonly padInfo: { readonly top: number; readonly left: number }
}

/** The gradient with respect to the filter. @param x [N, H, W, C] @param dy [N, outH, outW, C x M] @returns [R, S, C, M] */
export function depthwiseFilterGradient(x: Float32Array, dy: Float32Array, sizes: DepthwiseSizes): Float32Array {
  const { inChannels, outChannels, filterHeight, filterWidth } = sizes
  const multiplier = outChannels / inChannels
  const dw = new Float32Array(filterHeight * filterWidth * outChannels)
  eachTap(sizes, (xAt, yAt, wAt) => {
    for (let k = 0; k < outChannels; k++) {
      const pixel = x[xAt + Math.floor(k / multiplier)] ?? 0
      dw[wAt + k] = (dw[wAt + k] ?? 0) + pixel * (dy[yAt + k] ?? 0)
    }
  })
  return dw
}

/** The gradient with respect to the images. @param dy [N, outH, outW, C x M] @param w [R, S, C, M] @returns [N, H, W, C] */
export function depthwiseInputGradient(dy: Float32Array, w: Float32Array, sizes: DepthwiseSizes): Float32Array {
  const { batchSize, inChannels, outChannels, inHeight, inWidth } = sizes
  const multiplier = outChannels / inChannels
  const dx = new Float32Array(batchSize * inHeight * inWidth * inChannels)
  eachTap(sizes, (xAt, yAt, wAt) => {
    for (let k = 0; k < outChannels; k++) {
      const at = xAt + Math.floor(k / multiplier)
      dx[at] = (dx[at] ?? 0) + (dy[yAt + k] ?? 0) * (w[wAt + k] ?? 0)
    }
  })
  return dx
}

/** Visits every output pixel with every tap of the filter that lies inside the image: where their first channels are. */
function eachTap(sizes: DepthwiseSizes, visit: (xAt: number, yAt: number, wAt: number) => void): void {
  const { batchSize, inChannels, outChannels, inHeight, inWidth, outHeight, outWidth } = sizes
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = sizes
  let yAt = 0
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        const [top, left] = [i * strideHeight - padInfo.top, j * strideWidth - padInfo.left]
        for (let r = Math.max(0, -top); r < Math.min(filterHeight, inHeight - top); r++) {
          for (let s = Math.max(0, -left); s < Math.min(filterWidth, inWidth - left); s++) {
            const pixel = (n * inHeight + top + r) * inWidth + left + s
            visit(pixel * inChannels, yAt, (r * filterWidth + s) * outChannels)
          }
        }
        yAt += outChannels
      }
    }
  }
}
