import { GichoError } from '@gicho/core'

/**
 * A row for each label: 1 in the label's column, 0 elsewhere (Keras' `to_categorical`).
 *
 * @param labels [n], whole numbers 0..classes-1
 * @param classes number of columns
 * @returns [n, classes] row-major float32
 * @throws GichoError `bad-argument` when classes isn't a whole number >= 1, `bad-data` for a label outside the classes
 *
 * @example
 * oneHot([2, 0], 3) // Float32Array [0, 0, 1,  1, 0, 0]
 */
export function oneHot(labels: ArrayLike<number>, classes: number): Float32Array {
  if (!Number.isInteger(classes) || classes < 1) {
    throw new GichoError('bad-argument', `oneHot: expected a whole number of classes >= 1, got ${classes}.`)
  }
  const rows = new Float32Array(labels.length * classes)
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? Number.NaN
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new GichoError(
        'bad-data',
        `oneHot: expected labels that are whole numbers 0..${classes - 1}, got ${label} at index ${i}. ` +
          `Map the labels to 0..${classes - 1}, or name more classes.`,
      )
    }
    rows[i * classes + label] = 1
  }
  return rows
}
