/* How a run of `asl` is judged: this lesson succeeds when it shows overfitting. */
import type { Grade, History, Text, Verdict } from '@gicho/core'
import { aslReference } from './asl.reference.ts'
import { besideCourse, type GradeTexts } from './judging/beside-course.ts'
import { endOf, lessonBefore, named } from './judging/comparison.ts'
import { isOnCourse } from './judging/early-stop.ts'
import { endOfRun, type LastEpochs, outlier, reached, steadiness } from './judging/last-epochs.ts'
import { letters, limitsOf, type VerdictInputs } from './judging/run-facts.ts'
import { joinParagraphs, percent, points } from './judging/sentences.ts'
import { mnistReference } from './mnist.reference.ts'

/** Where val_accuracy should end: the mean of the last five epochs. */
export const aslBand = { metric: 'val_accuracy', low: 0.7, high: 0.86 } as const

/** Accuracy on the training pictures in the last epoch. */
const TRAINED = 0.97

/** How far the two should lie apart. */
const GAP = 0.1

/**
 * Room for early stops. Five other seeds stayed within .012 of the course's training accuracy in every epoch; validation jumps by
 * thirty points from one epoch to the next, so that only a run below all of that is off.
 */
const asked = { trained: { low: TRAINED, room: 0.02 }, best: { low: aslBand.low, room: 0.3 } }

/** Judges a run of lesson 2 by its last five epochs. */
export function judge(history: History, { facts, earlier }: VerdictInputs = {}): Verdict {
  const end = endOfRun(history, { course: letters, facts, batchNorm: false })
  if ('text' in end) return end
  const epochs = history.length
  const limits = limitsOf(facts, letters)
  const found = [reached(epochs, end), ...steadiness(end), ...outlier(end), gap(end)]
  if (limits.length > 0) return { text: joinParagraphs(found, limits) }
  const early = epochs < aslReference.length
  const grade = early ? gradeEarly(epochs, end) : gradeOf(end)
  const course = besideCourse(epochs, grade, aslReference, texts, facts?.optimizer)
  return { grade, text: joinParagraphs(found, [course], early ? [] : lessonOne(earlier)) }
}

function gradeEarly(epochs: number, end: LastEpochs): Grade {
  return isOnCourse(epochs, end, aslReference, asked) ? 'in-band' : 'below-band'
}

function gradeOf({ trained, mean, gap: apart }: LastEpochs): Grade {
  if (trained < TRAINED || mean < aslBand.low) return 'below-band'
  return mean > aslBand.high || apart < GAP ? 'above-band' : 'in-band'
}

function gap({ gap: apart }: LastEpochs): Text {
  const by = points(apart)
  if (apart >= GAP) {
    return {
      en: `That gap of ${by} points is overfitting: it has learned much of its practice pictures by heart, which is no help with a new hand. Lesson 3 goes after it.`,
      ko: `${by}퍼센트포인트나 벌어진 이 틈이 바로 과적합입니다. 연습한 그림을 상당 부분 외워 버렸고, 외운 것은 새로운 손을 읽는 데 도움이 되지 않습니다. 수업 3에서 이 틈을 줄여 봅니다.`,
    }
  }
  if (apart > 0) {
    return {
      en: `The gap is only ${by} points: overfitting, which this lesson is about, hardly shows.`,
      ko: `틈은 ${by}퍼센트포인트뿐이라, 이 수업에서 보려는 과적합은 거의 드러나지 않습니다.`,
    }
  }
  return {
    en: 'It does no better on practised pictures than on new ones: there is no overfitting yet.',
    ko: '연습한 그림을 새 그림보다 더 잘 맞히지는 않습니다. 아직 과적합은 없습니다.',
  }
}

const texts: GradeTexts = {
  asked: {
    en: `${percent(TRAINED)} of the practised pictures and ${percent(aslBand.low)} to ${percent(aslBand.high)} of the new ones`,
    ko: `연습한 그림 ${percent(TRAINED)}, 새 그림 ${percent(aslBand.low)}~${percent(aslBand.high)}`,
  },
  inBand: {
    en: 'So the lesson has shown what it was meant to show.',
    ko: '보여 주려던 것을 제대로 보여 준 실행입니다.',
  },
  aboveBand: {
    en: 'This one does better on new pictures than this network usually can: a pleasant surprise, but check that no validation picture is among the practised ones.',
    ko: '이 신경망치고는 새 그림을 뜻밖에 잘 읽었습니다. 반가운 일이지만, 검증 그림이 학습 그림에 섞여 있지 않은지 확인해 보세요.',
  },
}

function lessonOne(earlier: VerdictInputs['earlier']): Text[] {
  const before = lessonBefore(1, earlier, mnistReference)
  const digits = endOf(before, before.curve.length)
  if (digits === undefined) return []
  const name = named(before)
  return [
    {
      en: `The same layers read ${percent(digits.mean)} of the new pictures in ${name.en}: digits on a plain ground leave far less to be learned by heart.`,
      ko: `같은 층들이 ${name.ko}에서는 새 그림의 ${percent(digits.mean)}를 읽었습니다. 깔끔한 바탕 위의 숫자에는 외울 거리가 훨씬 적기 때문입니다.`,
    },
  ]
}
