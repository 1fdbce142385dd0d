import { formatShape, type ImageDataset, type Shape, type StepOutput } from '@gicho/core'
import { type Lesson, need } from '../lesson.ts'

/** The lesson's four arrays: shape and type of pictures and labels, for training and for validation. @param sample shape of a picture */
export function arrayTable(lesson: Lesson, sample: Shape): StepOutput {
  const rowsOf = (name: string, { length, labels }: ImageDataset): string[][] => [
    [`x_${name}`, formatShape([length, ...sample]), 'uint8'],
    [`y_${name}`, formatShape([length]), labels instanceof Uint16Array ? 'uint16' : 'uint8'],
  ]
  return {
    kind: 'table',
    columns: ['array', 'shape', 'dtype'],
    rows: [...rowsOf('train', need(lesson, 'train')), ...rowsOf('valid', need(lesson, 'test'))],
  }
}
