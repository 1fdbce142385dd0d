import { rmsprop, type StepOutput } from '@gicho/core'
import type { Lesson } from '../lesson.ts'

/** Cross-entropy, accuracy, and Keras' default optimizer, where the course names none. */
export function compileNetwork(lesson: Lesson): StepOutput {
  const optimizer = rmsprop()
  lesson.compile = { loss: 'categoricalCrossentropy', optimizer, metrics: ['accuracy'] }
  return {
    kind: 'values',
    rows: [
      { name: 'loss', value: 'categorical_crossentropy' },
      { name: 'optimizer', value: `rmsprop (learning rate ${optimizer.learningRate}, rho ${optimizer.rho})` },
      { name: 'metrics', value: 'accuracy' },
    ],
  }
}
