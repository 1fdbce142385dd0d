/*
 * Eigenvalues and eigenvectors of a real symmetric matrix: Householder's reduction to three diagonals, then implicit QL.
 * Source: the algorithms tred2 and tql2 of H. Bowdler, R. Martin, C. Reinsch, J. Wilkinson, Numerische Mathematik 11
 * (1968), as EISPACK has them. The cost is about 3 n^3 multiplications: 2 seconds for the 784 pixels of a lesson's image.
 */
import { GichoError } from '@gicho/core'

const MOST_ROUNDS = 60

/** Eigenvalues in no particular order; row `i` of `vectors` belongs to value `i` and has length 1. */
export interface Eigen {
  readonly values: Float64Array
  /** [n, n] row-major. */
  readonly vectors: Float64Array
}

/** @param matrix [n, n] row-major, symmetric @throws GichoError `not-finite` when it holds a NaN or an infinity */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  if (!matrix.every(Number.isFinite)) {
    throw new GichoError('not-finite', 'fit: expected finite images, got some that are NaN or infinite.')
  }
  const { diagonal, below, vectors } = tridiagonal(matrix, n)
  diagonalize(diagonal, below, vectors, n)
  return { values: diagonal, vectors }
}

interface Tridiagonal {
  readonly diagonal: Float64Array
  /** Entry i couples i and i + 1. */
  readonly below: Float64Array
  /** Row j is the j-th basis vector: matrix = vectors^T T vectors. */
  readonly vectors: Float64Array
}

/** One reflection a column zeroes what lies below the first subdiagonal; the reflections make the basis. */
function tridiagonal(matrix: Float64Array, n: number): Tridiagonal {
  const a = matrix.slice()
  const below = new Float64Array(n)
  const vectors = new Float64Array(n * n)
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1
  const mirror = new Float64Array(n)
  const image = new Float64Array(n)
  for (let k = 0; k < n - 1; k++) {
    below[k] = makeMirror(a, n, k, mirror)
    if (k === n - 2) break
    reflectMatrix(a, n, k + 1, mirror, image)
    reflectBasis(vectors, n, k + 1, mirror, image)
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i] ?? 0), below, vectors }
}

/** A vector v of length sqrt(2) so that (1 - v v^T) turns column k below the diagonal onto its first entry, which is returned. */
function makeMirror(a: Float64Array, n: number, k: number, mirror: Float64Array): number {
  const first = a[(k + 1) * n + k] ?? 0
  let rest = 0
  for (let i = k + 2; i < n; i++) rest += (a[i * n + k] ?? 0) ** 2
  mirror.fill(0)
  if (rest === 0) return first
  const length = Math.sqrt(first * first + rest)
  const target = first > 0 ? -length : length
  const scale = 1 / Math.sqrt(length * (length + Math.abs(first)))
  for (let i = k + 2; i < n; i++) mirror[i] = (a[i * n + k] ?? 0) * scale
  mirror[k + 1] = (first - target) * scale
  return target
}

/** a := (1 - v v^T) a (1 - v v^T) on the rows and columns from `from`. */
function reflectMatrix(a: Float64Array, n: number, from: number, v: Float64Array, p: Float64Array): void {
  let half = 0
  for (let i = from; i < n; i++) {
    let sum = 0
    for (let j = from, at = i * n + from; j < n; j++, at++) sum += (a[at] ?? 0) * (v[j] ?? 0)
    p[i] = sum
    half += sum * (v[i] ?? 0)
  }
  for (let i = from; i < n; i++) p[i] = (p[i] ?? 0) - (half / 2) * (v[i] ?? 0)
  for (let i = from; i < n; i++) {
    const vi = v[i] ?? 0
    const pi = p[i] ?? 0
    for (let j = from, at = i * n + from; j < n; j++, at++) {
      a[at] = (a[at] ?? 0) - vi * (p[j] ?? 0) - pi * (v[j] ?? 0)
    }
  }
}

/** vectors := (1 - v v^T) vectors. */
function reflectBasis(vectors: Float64Array, n: number, from: number, v: Float64Array, sums: Float64Array): void {
  sums.fill(0)
  for (let i = from; i < n; i++) {
    const vi = v[i] ?? 0
    for (let j = 0, at = i * n; j < n; j++, at++) sums[j] = (sums[j] ?? 0) + vi * (vectors[at] ?? 0)
  }
  for (let i = from; i < n; i++) {
    const vi = v[i] ?? 0
    for (let j = 0, at = i * n; j < n; j++, at++) vectors[at] = (vectors[at] ?? 0) - vi * (sums[j] ?? 0)
  }
}

/** Implicit QL with Wilkinson's shifts; the rotations are applied to pairs of rows of `vectors`. */
function diagonalize(d: Float64Array, e: Float64Array, vectors: Float64Array, n: number): void {
  let largest = 0
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(d[i] ?? 0) + Math.abs(e[i] ?? 0))
  const negligible = Number.EPSILON * largest
  for (let low = 0; low < n; low++) {
    for (let round = 0; ; round++) {
      let high = low
      while (high < n - 1 && Math.abs(e[high] ?? 0) > negligible) high++
      if (high === low) break
      if (round === MOST_ROUNDS) {
        throw new GichoError('not-finite', `fit: eigenvalue ${low} was not found in ${MOST_ROUNDS} rounds.`)
      }
      sweep(d, e, vectors, n, low, high)
    }
  }
}

/** Chases one shifted rotation from `high` up to `low`. */
function sweep(d: Float64Array, e: Float64Array, vectors: Float64Array, n: number, low: number, high: number): void {
  const coupling = e[low] ?? 0
  const start = d[low] ?? 0
  const half = ((d[low + 1] ?? 0) - start) / (2 * coupling)
  const root = Math.hypot(half, 1)
  let g = (d[high] ?? 0) - start + coupling / (half + (half < 0 ? -root : root))
  let sine = 1
  let cosine = 1
  let shift = 0
  for (let i = high - 1; i >= low; i--) {
    const f = sine * (e[i] ?? 0)
    const b = cosine * (e[i] ?? 0)
    const r = Math.hypot(f, g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1] = (d[i + 1] ?? 0) - shift
      e[high] = 0
      return
    }
    sine = f / r
    cosine = g / r
    g = (d[i + 1] ?? 0) - shift
    const mixed = ((d[i] ?? 0) - g) * sine + 2 * cosine * b
    shift = sine * mixed
    d[i + 1] = g + shift
    g = cosine * mixed - b
    rotateRows(vectors, n, i, sine, cosine)
  }
  d[low] = (d[low] ?? 0) - shift
  e[low] = g
  e[high] = 0
}

function rotateRows(vectors: Float64Array, n: number, row: number, sine: number, cosine: number): void {
  for (let j = 0, at = row * n; j < n; j++, at++) {
    const next = vectors[at + n] ?? 0
    const here = vectors[at] ?? 0
    vectors[at + n] = sine * here + cosine * next
    vectors[at] = cosine * here - sine * next
  }
}
