/** Where one output of a bilinear enlargement reads: two places along an axis, and the share of the second. */
interface Taps {
  readonly low: number
  readonly high: number
  readonly share: number
}

function tapsOf(output: number, size: number, factor: number, halfPixelCenters: boolean): Taps {
  const place = halfPixelCenters ? (output + 0.5) / factor - 0.5 : output / factor
  const inside = Math.min(Math.max(place, 0), size - 1)
  const low = Math.floor(inside)
  return { low, high: Math.min(low + 1, size - 1), share: inside - low }
}

/**
 * A bilinear enlargement along one axis as a matrix, [size * factor, size] in rows: y = matrix x. An image is enlarged along its rows
 * and along its columns.
 *
 * @param size of what is enlarged
 * @param factor a whole number from 1
 * @param halfPixelCenters true: pixels have their coordinates at their centres, as in Keras 3; false: at their corners, as in tfjs
 */
export function bilinearMatrix(size: number, factor: number, halfPixelCenters: boolean): Float32Array {
  const matrix = new Float32Array(size * factor * size)
  for (let output = 0; output < size * factor; output++) {
    const { low, high, share } = tapsOf(output, size, factor, halfPixelCenters)
    const row = output * size
    matrix[row + low] = 1 - share
    matrix[row + high] = (matrix[row + high] ?? 0) + share
  }
  return matrix
}
