import { formatShape, type StepOutput } from '@gicho/core'
import { oneHot } from '@gicho/preprocess'
import { type Lesson, need } from '../lesson.ts'

/** Labels as rows with one 1: their shapes, and the first few. The engine reads them from the labels themselves. */
export function oneHotLabels(lesson: Lesson, most: number): readonly StepOutput[] {
  const train = need(lesson, 'train')
  const classes = train.classNames.length
  const rows = Math.min(most, train.length)
  const first = train.labels.subarray(0, rows)
  const title = `y_train[0:${rows}]`
  return [
    {
      kind: 'values',
      rows: [
        { name: 'y_train.shape', value: formatShape([train.length, classes]) },
        { name: 'y_valid.shape', value: formatShape([need(lesson, 'test').length, classes]) },
        { name: title, value: Array.from(first).join(' ') },
      ],
    },
    { kind: 'matrix', title, shape: [rows, classes], values: oneHot(first, classes), digits: 0 },
  ]
}
