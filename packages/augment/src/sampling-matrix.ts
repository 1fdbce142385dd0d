/*
 * From a draw to the six numbers that say where each pixel of the result is read: input row = m[0] r + m[1] c + m[2],
 * input column = m[3] r + m[4] c + m[5].
 *
 * Keras builds the matrix in x, y order (tx with x, the centre from height / 2 with x) and then swaps the axes for
 * numpy's row, column order. So tx, which comes from the height shift range, moves the columns, and an image that isn't
 * square turns about a point that isn't its centre. That is Keras' behaviour since keras-preprocessing 1.1, and kept.
 * Source: keras/src/legacy/preprocessing/image.py, apply_affine_transform.
 * Invariant: the bits are numpy's where its BLAS has fused multiply-add, which every x86-64 since 2013 and every ARM has.
 */
import type { Draw } from './draw.ts'
import { fusedMultiplyAdd } from './fused-multiply-add.ts'
import { sineCosine } from './sine-cosine.ts'

const RADIANS_PER_DEGREE = Math.PI / 180

/** The two upper rows of a 3x3 matrix whose third row is 0 0 1. */
type Affine = readonly [number, number, number, number, number, number]

/** The part of a draw that moves pixels, flips aside. */
export type AffineDraw = Pick<Draw, 'theta' | 'tx' | 'ty' | 'shear' | 'zx' | 'zy'>

/**
 * The 2x3 matrix, row-major, from an output pixel (row, column, 1) to the input's (row, column), in float64; null where
 * the draw moves nothing.
 *
 * Rotation . shift . shear . zoom about the centre, factors that change nothing left out, with numpy's bits. Flips are
 * not in it: they reverse the sampled image (or use {@link flippedMatrix}).
 *
 * @param height of the image in pixels
 * @param width of the image in pixels
 */
export function samplingMatrix(draw: AffineDraw, height: number, width: number): Float64Array | null {
  let matrix: Affine | null = null
  if (draw.theta !== 0) {
    const [sin, cos] = sineCosine(draw.theta * RADIANS_PER_DEGREE)
    matrix = [cos, -sin, 0, sin, cos, 0]
  }
  if (draw.tx !== 0 || draw.ty !== 0) matrix = product(matrix, [1, 0, draw.tx, 0, 1, draw.ty])
  if (draw.shear !== 0) {
    const [sin, cos] = sineCosine(draw.shear * RADIANS_PER_DEGREE)
    matrix = product(matrix, [1, -sin, 0, 0, cos, 0])
  }
  if (draw.zx !== 1 || draw.zy !== 1) matrix = product(matrix, [draw.zx, 0, 0, 0, draw.zy, 0])
  if (matrix === null) return null

  const x = height / 2 - 0.5
  const y = width / 2 - 0.5
  const [xx, xy, xShift, yx, yy, yShift] = product(product([1, 0, x, 0, 1, y], matrix), [1, 0, -x, 0, 1, -y])
  return Float64Array.of(yy, yx, yShift, xy, xx, xShift)
}

/**
 * The sampling matrix with the draw's flips in it, for devices that sample in one go; the identity where nothing moves.
 *
 * Reading at flipped places rounds otherwise than flipping what was read: up to 1e-13 pixels apart.
 */
export function flippedMatrix(draw: Draw, height: number, width: number): Float64Array {
  const matrix = samplingMatrix(draw, height, width) ?? Float64Array.of(1, 0, 0, 0, 1, 0)
  const [rowRow = 0, rowColumn = 0, rowShift = 0, columnRow = 0, columnColumn = 0, columnShift = 0] = matrix
  const lastRow = draw.flipVertical ? height - 1 : 0
  const lastColumn = draw.flipHorizontal ? width - 1 : 0
  const vertical = draw.flipVertical ? -1 : 1
  const horizontal = draw.flipHorizontal ? -1 : 1
  return Float64Array.of(
    vertical * rowRow,
    horizontal * rowColumn,
    rowShift + rowRow * lastRow + rowColumn * lastColumn,
    vertical * columnRow,
    horizontal * columnColumn,
    columnShift + columnRow * lastRow + columnColumn * lastColumn,
  )
}

function product(a: Affine | null, b: Affine): Affine {
  if (a === null) return b
  const [a0, a1, a2, a3, a4, a5] = a
  const [b0, b1, b2, b3, b4, b5] = b
  return [
    fusedMultiplyAdd(a1, b3, a0 * b0),
    fusedMultiplyAdd(a1, b4, a0 * b1),
    fusedMultiplyAdd(a1, b5, a0 * b2) + a2,
    fusedMultiplyAdd(a4, b3, a3 * b0),
    fusedMultiplyAdd(a4, b4, a3 * b1),
    fusedMultiplyAdd(a4, b5, a3 * b2) + a5,
  ]
}
