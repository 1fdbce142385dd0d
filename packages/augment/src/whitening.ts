import { symmetricEigen } from './symmetric-eigen.ts'

/**
 * The matrix that makes pixels uncorrelated and of equal variance (ZCA), as Keras' `fit` computes it:
 * U diag(sqrt(n) / (s + epsilon)) U^T, from the singular values s of the images and their directions U.
 *
 * Computed in float64 from the pixels' covariance, where Keras takes a float32 SVD. Directions in which the images don't
 * vary have s = 0 and are blown up by 1 / epsilon in both: fit more images than an image has values.
 *
 * @param values [n, size], already centred
 * @param size values an image
 * @returns [size, size] row-major
 */
export function whiteningMatrix(values: Float32Array, size: number, epsilon: number): Float64Array {
  const n = values.length / size
  const { values: squares, vectors } = symmetricEigen(products(values, size), size)
  const strongest = [...squares.keys()].sort((a, b) => (squares[b] ?? 0) - (squares[a] ?? 0)).slice(0, n)
  const matrix = new Float64Array(size * size)
  for (const direction of strongest) {
    const singular = Math.sqrt(Math.max(squares[direction] ?? 0, 0))
    const weight = Math.sqrt(n) / (singular + epsilon)
    const vector = vectors.subarray(direction * size, (direction + 1) * size)
    for (let i = 0; i < size; i++) addScaled(matrix, i * size, vector, weight * (vector[i] ?? 0))
  }
  return matrix
}

/** One image times the whitening matrix, rounded to float32. */
export function whiten(image: Float32Array, matrix: Float64Array): Float32Array {
  const sums = new Float64Array(image.length)
  for (let i = 0; i < image.length; i++) {
    addScaled(sums, 0, matrix.subarray(i * image.length, (i + 1) * image.length), image[i] ?? 0)
  }
  return Float32Array.from(sums)
}

/** values^T values, [size, size]. */
function products(values: Float32Array, size: number): Float64Array {
  const result = new Float64Array(size * size)
  for (let start = 0; start < values.length; start += size) {
    const image = Float64Array.from(values.subarray(start, start + size))
    for (let i = 0; i < size; i++) addScaled(result, i * size, image, image[i] ?? 0)
  }
  return result
}

function addScaled(target: Float64Array, from: number, values: Float64Array, factor: number): void {
  for (let j = 0; j < values.length; j++) target[from + j] = (target[from + j] ?? 0) + factor * (values[j] ?? 0)
}
