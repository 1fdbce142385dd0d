import { inferShape, type Shape } from '@gicho/core'

/** Values and the shape in which they are read, row-major. */
export interface Shaped<Values extends ArrayLike<number>> {
  readonly values: Values
  readonly shape: Shape
}

/**
 * Reads the same values in another shape, as numpy's `reshape`: nothing is copied or moved.
 *
 * @param values row-major
 * @param shape one size may be -1: it becomes whatever makes the values fit
 * @returns the same `values`, and the shape without -1
 * @throws GichoError `bad-shape` when the values don't fit, a size isn't a whole number, or more than one is -1
 *
 * @example
 * reshape(train.images, [-1, 784]).shape // [60000, 784]
 */
export function reshape<Values extends ArrayLike<number>>(values: Values, shape: Shape): Shaped<Values> {
  return { values, shape: inferShape(shape, values.length) }
}
