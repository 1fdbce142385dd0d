import { type Shape, type StepOutput, unitRange } from '@gicho/core'
import { describeArray, rescale } from '@gicho/preprocess'
import { type Lesson, need } from '../lesson.ts'

/** Divides by 255, for a network that takes samples of this shape. */
export function scalePixels(lesson: Lesson, sample: Shape): StepOutput {
  const x = describeArray(rescale(need(lesson, 'train').images, 1 / 255))
  lesson.input = unitRange(sample) // the engine does the same to each batch on its way in
  return {
    kind: 'values',
    rows: [
      { name: 'x_train.dtype', value: x.dtype },
      { name: 'x_train.min()', value: x.min.toFixed(1) },
      { name: 'x_train.max()', value: x.max.toFixed(1) },
    ],
  }
}
