import type { Text } from '@gicho/core'
import type { Lesson } from './lesson.ts'
import { courseNumbers, type LessonNumbers, numbersOf } from './steps/lesson-numbers.ts'

/** What a step tells the learner. A blank line parts two paragraphs. */
export interface StepText {
  readonly title: Text
  readonly prose: Text
  /** Where the prose has numbers of data or settings: with those of this lesson. */
  readonly proseOf?: (lesson: Lesson) => Text
}

/** A text that speaks of the data and the settings: with the numbers of a lesson under way, and with the course's before. */
export function withNumbers(
  course: Pick<LessonNumbers, 'train' | 'test' | 'epochs' | 'classes'>,
  title: Text,
  write: (numbers: LessonNumbers) => Text,
): StepText {
  const prose = write(courseNumbers(course))
  return { title, prose, proseOf: (lesson) => (lesson.train ? write(numbersOf(lesson)) : prose) }
}

/** Joins paragraphs, so that a text can stand in the source in lines of readable length. */
export function paragraphs(...texts: readonly (readonly string[])[]): string {
  return texts.map((lines) => lines.join(' ')).join('\n\n')
}
