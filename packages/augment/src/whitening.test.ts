import { RandomState } from '@gicho/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { symmetricEigen } from './symmetric-eigen.ts'
import { whiten, whiteningMatrix } from './whitening.ts'

test('eigenvectors times eigenvalues give the matrix back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 12 }), fc.boolean(), (seed, n, sparse) => {
      const random = new RandomState(seed)
      const matrix = new Float64Array(n * n)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          const value = sparse && random.random() < 0.7 ? 0 : random.uniform(-1, 1)
          matrix[i * n + j] = value
          matrix[j * n + i] = value
        }
      }
      const { values, vectors } = symmetricEigen(matrix, n)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let entry = 0
          let product = 0
          for (let k = 0; k < n; k++) {
            entry += (values[k] ?? 0) * (vectors[k * n + i] ?? 0) * (vectors[k * n + j] ?? 0)
            product += (vectors[i * n + k] ?? 0) * (vectors[j * n + k] ?? 0)
          }
          // float64 over some n^2 operations on numbers of about 1
          expect(entry).toBeCloseTo(matrix[i * n + j] ?? 0, 11)
          expect(product).toBeCloseTo(i === j ? 1 : 0, 11)
        }
      }
    }),
    { numRuns: 40 },
  )
})

test('whitened images are uncorrelated', () => {
  const random = new RandomState(1)
  const [n, size] = [200, 6]
  const values = Float32Array.from({ length: n * size }, () => random.uniform(-1, 1))
  for (let i = 0; i < n; i++) values[i * size + 1] = (values[i * size] ?? 0) + 0.1 * (values[i * size + 1] ?? 0)
  const matrix = whiteningMatrix(values, size, 1e-6)
  const rows = Array.from({ length: n }, (_, i) => whiten(values.slice(i * size, (i + 1) * size), matrix))
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      const covariance = rows.reduce((sum, row) => sum + (row[a] ?? 0) * (row[b] ?? 0), 0) / n
      expect(covariance).toBeCloseTo(a === b ? 1 : 0, 4) // epsilon and float32
    }
  }
})

test('images that are not finite cannot be whitened', () => {
  expect(() => symmetricEigen(Float64Array.of(Number.NaN), 1)).toThrow(
    'fit: expected finite images, got some that are NaN or infinite.',
  )
})
