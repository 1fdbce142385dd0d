import { formatShape, GichoError, type Shape, sizeOf } from '@gicho/core'
import { type Dtype, dtypeOf, type NumericArray } from './numeric-array.ts'

/** What the lessons print about an array: numpy's `shape`, `dtype`, `min()` and `max()`. */
export interface ArrayDescription {
  readonly shape: Shape
  readonly dtype: Dtype
  readonly min: number
  readonly max: number
}

/**
 * Shape, element type and range of an array. As in numpy, one NaN makes both ends of the range NaN.
 *
 * @param values row-major, at least one
 * @param shape must hold exactly the values; the array's length where none is given
 * @throws GichoError `bad-shape` when the shape doesn't hold the values, or there are none
 *
 * @example
 * describeArray(train.images, [60000, 28, 28]) // { shape: [60000, 28, 28], dtype: 'uint8', min: 0, max: 255 }
 */
export function describeArray(values: NumericArray, shape: Shape = [values.length]): ArrayDescription {
  if (values.length === 0 || sizeOf(shape) !== values.length) {
    throw new GichoError(
      'bad-shape',
      `describeArray: expected at least one value and as many as ${formatShape(shape)} holds (${sizeOf(shape)}), ` +
        `got ${values.length}.`,
    )
  }
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (Number.isNaN(value)) return { shape, dtype: dtypeOf(values), min: value, max: value }
    if (value < min) min = value
    if (value > max) max = value
  }
  return { shape, dtype: dtypeOf(values), min, max }
}
