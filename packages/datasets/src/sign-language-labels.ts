import { GichoError } from '@gicho/core'

/** J's place in the alphabet: Kaggle's labels leave it out, the course's labels close the gap. */
const J = 9
const KAGGLE_LAST = 24

/**
 * Brings labels to 0..23. Kaggle's files count the alphabet, 0..24 without 9; the course's (NVIDIA DLI) count the
 * letters, 0..23. A file has label 24 or label 9, never both; one that has neither is taken for Kaggle's.
 *
 * @throws GichoError `bad-data` when both labels occur
 */
export function closeLabelGap(labels: Uint8Array, where: string): Uint8Array {
  const j = labels.indexOf(J)
  const last = labels.indexOf(KAGGLE_LAST)
  if (j >= 0 && last >= 0) {
    throw new GichoError(
      'bad-data',
      `${where}: expected labels 0..24 without 9 (J has no still image) or labels 0..23, ` +
        `got label 9 in row ${j + 1} and label 24 in row ${last + 1}. Label the letters in one of these ways.`,
    )
  }
  return j >= 0 ? labels : labels.map((label) => (label > J ? label - 1 : label))
}
