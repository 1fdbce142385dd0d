import type { StepOutput, Text } from '@gicho/core'
import { type CourseData, isOtherData } from '../judging/run-facts.ts'
import { count } from '../judging/sentences.ts'
import { type Lesson, need } from '../lesson.ts'

/**
 * Loads the recipe's data, or what the app gives in its place.
 *
 * @returns a note where that isn't the data that the lesson is about, or not all of it
 */
export async function loadData(lesson: Lesson, course: CourseData): Promise<readonly StepOutput[]> {
  const { train, test } = await lesson.context.load(lesson.recipe.dataset)
  lesson.train = train
  lesson.test = test
  if (isOtherData(train.classNames, course)) return [{ kind: 'note', text: otherData(train.classNames, course) }]
  const isLimited = train.length < course.train || test.length < course.test
  return isLimited ? [{ kind: 'note', text: limitedData(train.length, test.length, course) }] : []
}

/** The course's curve to show beside a run's: none where the data is another. */
export function curveOfCourse(lesson: Lesson, course: CourseData): Lesson['recipe']['reference'] {
  return isOtherData(need(lesson, 'train').classNames, course) ? [] : lesson.recipe.reference
}

function otherData(classNames: readonly string[], course: CourseData): Text {
  const [here, there] = [classNames.length, course.classNames.length]
  const [hereNames, thereNames] = [listed(classNames), listed(course.classNames)]
  return {
    en: `These are not the pictures that this lesson was written for: they have ${here} classes (${hereNames}), where its text speaks of ${there} (${thereNames}). Everything works just the same; only the numbers in the text are others.`,
    ko: `이 수업이 원래 쓰는 그림이 아닙니다. 설명에서는 클래스 ${there}개(${thereNames})를 이야기하지만 여기에는 클래스가 ${here}개(${hereNames}) 있습니다. 하는 일은 똑같고 설명에 나오는 숫자만 다릅니다.`,
  }
}

function limitedData(train: number, test: number, course: CourseData): Text {
  const [all, allTest] = [count(course.train), count(course.test)]
  return {
    en: `This run takes ${count(train)} of the ${all} training pictures, and ${count(test)} of the ${allTest} for validation.`,
    ko: `이번에는 학습 그림 ${all}장 가운데 ${count(train)}장, 검증 그림 ${allTest}장 가운데 ${count(test)}장만 씁니다.`,
  }
}

function listed(names: readonly string[]): string {
  const all = names.join(' ')
  return all.length <= 60 ? all : `${names[0]} … ${names.at(-1)}`
}
