import { GichoError } from './errors.ts'

/** Sizes of an array's axes, outermost first; row-major order everywhere. */
export type Shape = readonly number[]

/** The number of elements of a shape; 1 for a scalar's `[]`. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** A shape as Python prints it: `(60000, 28, 28)`, `(10,)`, `()`; `null` (any size) prints as `None`. */
export function formatShape(shape: readonly (number | null)[]): string {
  const sizes = shape.map((size) => (size === null ? 'None' : String(size)))
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(', ')})`
}

/** True when both shapes have the same sizes in the same order. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}

/**
 * Replaces the one `-1` of a shape by the size that makes it hold `size` elements, as numpy's `reshape` does.
 *
 * @throws GichoError `bad-shape` when a size isn't a whole number >= 0 (or -1), more than one is -1, or the elements don't fit.
 */
export function inferShape(shape: Shape, size: number): Shape {
  const unknown = shape.filter((s) => s === -1).length
  const known = shape.reduce((product, s) => (s === -1 ? product : product * s), 1)
  const valid = shape.every((s) => Number.isInteger(s) && s >= -1)
  if (!valid || unknown > 1) {
    throw new GichoError('bad-shape', `reshape: expected whole sizes with at most one -1, got ${formatShape(shape)}.`)
  }
  const fits = unknown === 0 ? known === size : known > 0 && size % known === 0
  if (!fits) {
    throw new GichoError('bad-shape', `reshape: ${size} elements don't fit into ${formatShape(shape)}.`)
  }
  return shape.map((s) => (s === -1 ? size / known : s))
}
