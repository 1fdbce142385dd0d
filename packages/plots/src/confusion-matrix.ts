import { GichoError } from '@gicho/core'

/**
 * How often each class was taken for each: row = actual class, column = predicted class, value = number of images.
 *
 * @param labels [n] actual classes
 * @param predictions [n] predicted classes
 * @throws GichoError `bad-shape` when the two aren't equally long, `bad-data` for a class outside 0..classes-1
 *
 * @example
 * confusionMatrix([0, 0, 1], [0, 1, 1], 2) // [[1, 1], [0, 1]]
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: number,
): number[][] {
  if (labels.length !== predictions.length) {
    throw new GichoError(
      'bad-shape',
      `confusionMatrix: expected a prediction for each label, got ${labels.length} labels and ${predictions.length} predictions.`,
    )
  }
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let i = 0; i < labels.length; i++) {
    const [actual, predicted] = [labels[i] ?? -1, predictions[i] ?? -1]
    const row = matrix[actual]
    const count = row?.[predicted]
    if (row === undefined || count === undefined) {
      throw new GichoError(
        'bad-data',
        `confusionMatrix: expected classes from 0 to ${classes - 1}, got ${actual} taken for ${predicted} at ${i}.`,
      )
    }
    row[predicted] = count + 1
  }
  return matrix
}
