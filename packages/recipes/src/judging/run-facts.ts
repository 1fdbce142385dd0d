/* Whether a run can be held against the course's numbers: only one on the same pictures, and on all of them. */
import type { EpochLogs, Text } from '@gicho/core'
import { count } from './sentences.ts'

/** The data that a lesson's texts and numbers speak of. */
export interface CourseData {
  /** Images. */
  readonly train: number
  readonly test: number
  readonly classNames: readonly string[]
}

/** What a run learned from. */
export interface RunFacts extends CourseData {
  /** Images seen in an epoch: fewer than `train` where the steps were limited. */
  readonly perEpoch: number
}

/** Lesson 1's data. */
export const digits: CourseData = { train: 60_000, test: 10_000, classNames: [...'0123456789'] }

/** The data of the sign-language lessons: a to y without j, which like z takes a movement. */
export const letters: CourseData = { train: 27_455, test: 7_172, classNames: [...'abcdefghiklmnopqrstuvwxy'] }

/** True where the class names aren't those of the course. */
export function isOtherData(classNames: readonly string[], course: CourseData): boolean {
  return classNames.length !== course.classNames.length || classNames.some((name, i) => name !== course.classNames[i])
}

/** Says why a run can't be held against the course's; undefined where it can. */
export function whyNotComparable(run: RunFacts, course: CourseData): Text | undefined {
  if (isOtherData(run.classNames, course)) return otherData
  const limited = run.train < course.train || run.test < course.test || run.perEpoch < course.train
  return limited ? limitedRun(run, course) : undefined
}

const otherData: Text = {
  en: "These are other pictures than the course's, so its numbers say nothing about this run.",
  ko: '원래 수업과는 다른 그림으로 학습했으므로 수업의 기록과 견줄 수는 없습니다.',
}

function limitedRun(run: RunFacts, course: CourseData): Text {
  const seen = count(Math.min(run.train, run.perEpoch))
  const [train, test, all] = [count(course.train), count(run.test), count(course.test)]
  return {
    en:
      `This was a limited run: ${seen} of ${train} training pictures in an epoch and ${test} of ${all} for validation. ` +
      'It shows that everything works, not how well this network can read; ' +
      "only a run over all pictures can be held against the course's curve.",
    ko:
      `일부만 쓴 실행이었습니다. 에포크마다 학습 그림 ${train}장 가운데 ${seen}장, 검증에는 ${all}장 가운데 ${test}장을 썼습니다. ` +
      '모든 것이 제대로 돌아간다는 점은 보여 주지만, 이 신경망이 얼마나 잘 읽을 수 있는지는 알려 주지 않습니다. ' +
      '원래 수업의 곡선과 견주려면 모든 그림으로 학습해야 합니다.',
  }
}

/** What a verdict has to know beside the history. */
export interface VerdictInputs {
  /** Where nothing is said, the run saw all of the course's pictures. */
  readonly facts?: RunFacts | undefined
  /** The learner's newest run of the lesson before, on the same data. */
  readonly earlier?: readonly EpochLogs[] | undefined
}
