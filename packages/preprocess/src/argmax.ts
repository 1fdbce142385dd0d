import { GichoError } from '@gicho/core'

const MAX_CLASSES = 65536

/**
 * The column of each row's largest value: the class that a model's output names.
 *
 * As in numpy, the first of equal values wins, and NaN counts as the largest.
 *
 * @param values [n, classes] row-major
 * @param classes number of columns, 1..65536
 * @returns [n], each 0..classes-1; bytes for up to 256 classes
 * @throws GichoError `bad-argument` for another number of classes, `bad-shape` when the values aren't whole rows
 *
 * @example
 * argmax([0.1, 0.7, 0.2], 3) // Uint8Array [1]
 */
export function argmax(values: ArrayLike<number>, classes: number): Uint8Array | Uint16Array {
  if (!Number.isInteger(classes) || classes < 1 || classes > MAX_CLASSES) {
    throw new GichoError(
      'bad-argument',
      `argmax: expected a whole number of classes from 1 to ${MAX_CLASSES}, got ${classes}.`,
    )
  }
  if (values.length % classes !== 0) {
    throw new GichoError(
      'bad-shape',
      `argmax: expected rows of ${classes} values, got ${values.length} values, which isn't a whole number of rows. ` +
        `Name as many classes as the model has outputs.`,
    )
  }
  const rows = values.length / classes
  const result = classes <= 256 ? new Uint8Array(rows) : new Uint16Array(rows)
  for (let row = 0; row < rows; row++) result[row] = largestColumn(values, row * classes, classes)
  return result
}

function largestColumn(values: ArrayLike<number>, start: number, classes: number): number {
  let best = 0
  let largest = values[start] ?? Number.NaN
  for (let column = 1; column < classes && !Number.isNaN(largest); column++) {
    const value = values[start + column] ?? Number.NaN
    if (value <= largest) continue // a NaN isn't <=, so it wins here and ends the loop
    best = column
    largest = value
  }
  return best
}
