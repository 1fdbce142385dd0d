import { rmsprop, type StepOutput } from '@gicho/core'
import { describeOptimizer } from '../describe-optimizer.ts'
import type { Lesson } from '../lesson.ts'

/** Cross-entropy, accuracy, and Keras' default optimizer, where neither the course nor the app names one. */
export function compileNetwork(lesson: Lesson): StepOutput {
  const { optimizer = rmsprop() } = lesson.context
  lesson.compile = { loss: 'categoricalCrossentropy', optimizer, metrics: ['accuracy'] }
  return {
    kind: 'values',
    rows: [
      { name: 'loss', value: 'categorical_crossentropy' },
      { name: 'optimizer', value: describeOptimizer(optimizer) },
      { name: 'metrics', value: 'accuracy' },
    ],
  }
}
