/* How a run of `asl-cnn` is judged: against the perceptron of lesson 2. */
import type { Grade, History, Text, Verdict } from '@gicho/core'
import { aslReference } from './asl.reference.ts'
import { aslCnnReference } from './asl-cnn.reference.ts'
import { backgroundOf } from './judging/background.ts'
import { besideCourse, type GradeTexts } from './judging/beside-course.ts'
import { whyNewLieBehind } from './judging/causes.ts'
import { compare, endOf, lessonBefore } from './judging/comparison.ts'
import { isOnCourse } from './judging/early-stop.ts'
import { bestEpoch, endOfRun, type LastEpochs, outlier, reached, steadiness } from './judging/last-epochs.ts'
import { letters, limitsOf, type VerdictInputs } from './judging/run-facts.ts'
import { joinParagraphs, percent, points } from './judging/sentences.ts'

/** Where the best val_accuracy of the run should lie. */
export const aslCnnBand = { metric: 'val_accuracy', low: 0.94, high: 0.98 } as const

/** Accuracy on the training pictures in the last epoch. */
const TRAINED = 0.999

/** The least mean of the last five: a best epoch long ago is no use to a model that has become bad since. */
const MEAN = 0.84

/**
 * Room for early stops. Other seeds stayed within .008 of the course's training accuracy in every epoch, and up to .06 below
 * its best val_accuracy in the first ones.
 */
const asked = { trained: { low: TRAINED, room: 0.02 }, best: { low: aslCnnBand.low, room: 0.06 } }

/** Judges a run of lesson 3 by its last five epochs and its best. */
export function judge(history: History, { facts, earlier }: VerdictInputs = {}): Verdict {
  const ground = { course: letters, facts, batchNorm: true }
  const end = endOfRun(history, ground)
  if ('text' in end) return end
  const epochs = history.length
  const young = whyNewLieBehind(end.gap, backgroundOf(history, ground))
  const limits = limitsOf(facts, letters)
  const before = lessonBefore(2, earlier, aslReference)
  const beforeEnd = endOf(before, epochs)
  const compared = beforeEnd ? [...compare(end, before, beforeEnd), gaps(end, beforeEnd)] : []
  const found = [reached(epochs, end), ...steadiness(end), ...outlier(end), ...bestEpoch(end), ...young]
  if (limits.length > 0) return { text: joinParagraphs(found, before.own ? compared : [], limits) }
  const grade = gradeOf(epochs, end)
  return {
    grade,
    text: joinParagraphs(found, compared, [besideCourse(epochs, grade, aslCnnReference, texts, facts?.optimizer)]),
  }
}

function gradeOf(epochs: number, end: LastEpochs): Grade {
  if (epochs < aslCnnReference.length) {
    return isOnCourse(epochs, end, aslCnnReference, asked) ? 'in-band' : 'below-band'
  }
  if (end.trained < TRAINED || end.best < aslCnnBand.low || end.mean < MEAN) return 'below-band'
  return end.best > aslCnnBand.high ? 'above-band' : 'in-band'
}

/** What has become of the gap between practised and new pictures. */
function gaps(run: LastEpochs, before: LastEpochs): Text {
  const [now, then] = [points(run.gap), points(before.gap)]
  if (run.gap <= 0) {
    return {
      en: 'Practised pictures are read no better than new ones: there is no overfitting.',
      ko: '연습한 그림이라고 더 잘 읽지는 않습니다. 과적합이 없다는 뜻입니다.',
    }
  }
  return run.gap < before.gap
    ? {
        en: `The gap between practised and new pictures has shrunk from ${then} to ${now} points, by nothing but another network. What is left of it is the matter of lesson 4.`,
        ko: `연습한 그림과 새 그림 사이의 틈은 ${then}퍼센트포인트에서 ${now}퍼센트포인트로 줄었습니다. 바꾼 것은 신경망뿐입니다. 남은 틈은 수업 4에서 다룹니다.`,
      }
    : {
        en: `The gap between practised and new pictures is ${now} points, where there ${before.gap < 0 ? 'was none' : `were ${then}`}.`,
        ko: `연습한 그림과 새 그림 사이의 틈은 ${now}퍼센트포인트이고, 그때는 ${before.gap < 0 ? '없었습니다' : `${then}퍼센트포인트였습니다`}.`,
      }
}

const texts: GradeTexts = {
  asked: {
    en: `${percent(TRAINED)} of the practised pictures and at best ${percent(aslCnnBand.low)} of the new ones`,
    ko: `연습한 그림 ${percent(TRAINED)}, 새 그림은 가장 좋을 때 ${percent(aslCnnBand.low)}`,
  },
  inBand: {
    en: 'So the lesson has worked: the same pictures, another network, and far less overfitting.',
    ko: '수업은 성공입니다. 같은 그림이라도 신경망을 바꾸니 과적합이 훨씬 줄었습니다.',
  },
  aboveBand: { en: 'This one has done even better.', ko: '이번에는 그보다도 더 잘했습니다.' },
}
