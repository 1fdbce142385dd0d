/** The sizes of a pooling: what tfjs' `computePool2DInfo` says of it, images [N, H, W, C]. */
export interface PoolSizes {
  readonly batchSize: number
  readonly inChannels: number
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

/**
 * The gradient of max pooling: each window's goes to its first maximum in row order, as in Keras. Padding never wins.
 *
 * @param x [N, H, W, C] @param dy [N, outH, outW, C] @returns dx, as x
 */
export function maxPoolGradient(x: Float32Array, dy: Float32Array, sizes: PoolSizes): Float32Array {
  const { batchSize, inChannels: channels, inHeight, inWidth, outHeight, outWidth } = sizes
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = sizes
  const dx = new Float32Array(x.length)
  let at = 0
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < outHeight; i++) {
      const top = i * strideHeight - padInfo.top
      const [row0, row1] = [Math.max(0, top), Math.min(inHeight, top + filterHeight)]
      for (let j = 0; j < outWidth; j++) {
        const left = j * strideWidth - padInfo.left
        const [column0, column1] = [Math.max(0, left), Math.min(inWidth, left + filterWidth)]
        for (let c = 0; c < channels; c++) {
          let best = ((n * inHeight + row0) * inWidth + column0) * channels + c
          let largest = x[best] ?? 0
          for (let row = row0; row < row1; row++) {
            for (let column = column0; column < column1; column++) {
              const index = ((n * inHeight + row) * inWidth + column) * channels + c
              const value = x[index] ?? 0
              if (value > largest) {
                largest = value
                best = index
              }
            }
          }
          dx[best] = (dx[best] ?? 0) + (dy[at++] ?? 0)
        }
      }
    }
  }
  return dx
}
