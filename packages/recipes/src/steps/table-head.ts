import type { ImageDataset, StepOutput } from '@gicho/core'

/** Pixels shown from the left; two more are shown from the right. */
const FIRST = 5

/** The first rows of a dataset as the table that it came as, as pandas' `head` prints them: the label, then the pixels. */
export function tableHead({ images, labels, shape, length }: ImageDataset, most = 5): StepOutput {
  const size = shape[0] * shape[1] * shape[2]
  const shown = [...Array(FIRST).keys(), size - 2, size - 1]
  const withGap = (cells: readonly string[]): string[] => [...cells.slice(0, FIRST), '…', ...cells.slice(FIRST)]
  return {
    kind: 'table',
    columns: ['', 'label', ...withGap(shown.map((pixel) => `pixel${pixel + 1}`))],
    rows: Array.from({ length: Math.min(most, length) }, (_, row) => [
      String(row),
      String(labels[row]),
      ...withGap(shown.map((pixel) => String(images[row * size + pixel]))),
    ]),
  }
}
