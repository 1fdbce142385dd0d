import { GichoError } from '@gicho/core'

/** An image that was taken for something else. */
export interface Mistake {
  /** Its place in the data. */
  readonly index: number
  readonly actual: number
  readonly predicted: number
  /** What the network gave the wrong class, 0 to 1. */
  readonly probability: number
}

/**
 * The mistakes that a network was surest of, surest first; equally sure ones in the order of the data.
 * A row in which nothing is a number counts as no prediction, hence as no mistake.
 *
 * @param labels [n] actual classes
 * @param probabilities [n, classes] row-major
 * @param count how many at most
 * @throws GichoError `bad-shape` when there isn't one row of probabilities a label
 */
export function worstMistakes(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
  count: number,
): Mistake[] {
  if (probabilities.length !== labels.length * classes) {
    throw new GichoError(
      'bad-shape',
      `worstMistakes: expected ${labels.length} rows of ${classes} probabilities, got ${probabilities.length} numbers.`,
    )
  }
  const mistakes: Mistake[] = []
  for (let index = 0; index < labels.length; index++) {
    const actual = labels[index] ?? 0
    let predicted = -1
    let probability = Number.NEGATIVE_INFINITY
    for (let c = 0; c < classes; c++) {
      const p = probabilities[index * classes + c] ?? 0
      if (p > probability) {
        predicted = c
        probability = p
      }
    }
    if (predicted >= 0 && predicted !== actual) mistakes.push({ index, actual, predicted, probability })
  }
  return mistakes.sort((a, b) => b.probability - a.probability).slice(0, count)
}
