import type { Text } from '@gicho/core'
import { count } from '../judging/sentences.ts'
import { type Lesson, need } from '../lesson.ts'
import { batchSizeOf } from './train-network.ts'

/** What a lesson's texts say of its data and settings. */
export interface LessonNumbers {
  /** Images. */
  readonly train: number
  readonly test: number
  readonly classes: number
  readonly epochs: number
  readonly batchSize: number
  /** Batches of that size in the training data. */
  readonly fullBatches: number
  /** Images in a last, shorter batch; 0 where there is none. */
  readonly rest: number
  /** Steps of one pass over the training data. */
  readonly passSteps: number
  /** Steps of an epoch: one pass, unless another number was asked for. */
  readonly steps: number
}

/** Numbers of the course's data, in batches of 32. */
export function courseNumbers(course: Pick<LessonNumbers, 'train' | 'test' | 'epochs' | 'classes'>): LessonNumbers {
  return complete({ ...course, batchSize: 32 })
}

/** Numbers of the data that a lesson has loaded, and of what was chosen for it. */
export function numbersOf(lesson: Lesson): LessonNumbers {
  const { length: train, classNames } = need(lesson, 'train')
  const { epochs, stepsPerEpoch } = lesson.context
  const test = need(lesson, 'test').length
  return complete({ train, test, classes: classNames.length, epochs, batchSize: batchSizeOf(lesson) }, stepsPerEpoch)
}

function complete(
  given: Pick<LessonNumbers, 'train' | 'test' | 'epochs' | 'classes' | 'batchSize'>,
  chosenSteps?: number,
): LessonNumbers {
  const { train, batchSize } = given
  const passSteps = Math.ceil(train / batchSize)
  const fullBatches = Math.floor(train / batchSize)
  return { ...given, fullBatches, rest: train % batchSize, passSteps, steps: chosenSteps ?? passSteps }
}

/** "60,000 / 32 = 1,875", "27,455 / 32 = 857.97". */
export function division({ train, batchSize, rest }: LessonNumbers): string {
  const quotient = train / batchSize
  return `${count(train)} / ${batchSize} = ${rest === 0 ? count(quotient) : quotient.toFixed(2)}`
}

/** A sentence where another number of steps was asked for than one pass has, else nothing; a space stands before it. */
export function chosenSteps({ steps, passSteps }: LessonNumbers): Text {
  if (steps === passSteps) return { en: '', ko: '' }
  return {
    en: ` For this run, epochs of ${inEnglish(steps, 'step')} were asked for.`,
    ko: ` 이번 실행에서는 한 에포크를 ${count(steps)}걸음으로 하도록 정해졌습니다.`,
  }
}

/** "1 step", "858 steps". */
export function inEnglish(n: number, noun: string, plural = `${noun}s`): string {
  return `${count(n)} ${n === 1 ? noun : plural}`
}
