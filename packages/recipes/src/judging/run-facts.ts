/* Whether a run can be held against the course's numbers: only one on the same pictures, and on all of them. */
import type { EpochLogs, OptimizerConfig, Text } from '@gicho/core'
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
  /** Corrections of the weights in an epoch; those of batches of 32 unless said. */
  readonly stepsPerEpoch?: number
  /** The lesson's unless said. */
  readonly optimizer?: OptimizerConfig
  /** Classes with at least one training picture; all unless said. */
  readonly trainedClasses?: number
  /** The share of the validation pictures that the most frequent class makes up, 0..1; an even share unless said. */
  readonly commonest?: number
}

/** Lesson 1's data. */
export const digits: CourseData = { train: 60_000, test: 10_000, classNames: [...'0123456789'] }

/** The data of the sign-language lessons: a to y without j, which like z takes a movement. */
export const letters: CourseData = { train: 27_455, test: 7_172, classNames: [...'abcdefghiklmnopqrstuvwxy'] }

/** True where the class names aren't those of the course. */
export function isOtherData(classNames: readonly string[], course: CourseData): boolean {
  return classNames.length !== course.classNames.length || classNames.some((name, i) => name !== course.classNames[i])
}

/** Why a run can't be held against the course's, and how little its validation says; nothing where all is as in the course. */
export function limitsOf(run: RunFacts | undefined, course: CourseData): Text[] {
  const why = run && whyNotComparable(run, course)
  return run ? [...(why ? [why] : []), ...handful(run)] : []
}

/** Says why a run can't be held against the course's; undefined where it can. */
function whyNotComparable(run: RunFacts, course: CourseData): Text | undefined {
  if (isOtherData(run.classNames, course)) return otherData
  const limited = run.train < course.train || run.test < course.test || run.perEpoch < course.train
  return limited ? limitedRun(run, course) : undefined
}

/** A single picture of so few changes the result by more than two hundredths. */
const HANDFUL = 50

/** Says how little a result on a handful of validation pictures means; nothing where there are enough. */
export function handful({ test }: Pick<RunFacts, 'test'>): Text[] {
  if (test >= HANDFUL || test < 1) return []
  const by = (100 / test).toFixed(0)
  return [
    {
      en: `Only ${test} ${test === 1 ? 'picture was' : 'pictures were'} used for validation, so that a single one changes the result by ${by} points: it says next to nothing.`,
      ko: `검증에 쓴 그림이 ${test}장뿐이라 한 장만 달라져도 결과가 ${by}퍼센트포인트나 바뀝니다. 이런 결과로는 거의 아무것도 알 수 없습니다.`,
    },
  ]
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
      'It shows how the steps of the lesson go together, not how well this network can read; ' +
      "only a run over all pictures can be held against the course's curve.",
    ko:
      `일부만 쓴 실행이었습니다. 에포크마다 학습 그림 ${train}장 가운데 ${seen}장, 검증에는 ${all}장 가운데 ${test}장을 썼습니다. ` +
      '수업의 단계가 어떻게 이어지는지는 보여 주지만, 이 신경망이 얼마나 잘 읽을 수 있는지는 알려 주지 않습니다. ' +
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
