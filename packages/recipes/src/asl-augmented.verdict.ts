/* How a run of `asl-augmented` is judged: against the same network without augmentation, in lesson 3. */
import type { Grade, History, Text, Verdict } from '@gicho/core'
import { aslAugmentedReference } from './asl-augmented.reference.ts'
import { aslCnnReference } from './asl-cnn.reference.ts'
import { backgroundOf } from './judging/background.ts'
import { besideCourse, type GradeTexts } from './judging/beside-course.ts'
import { whyNewLieBehind } from './judging/causes.ts'
import { compare, endOf, lessonBefore } from './judging/comparison.ts'
import { isOnCourse } from './judging/early-stop.ts'
import { bestEpoch, endOfRun, type LastEpochs, outlier, reached, steadiness } from './judging/last-epochs.ts'
import { letters, limitsOf, type VerdictInputs } from './judging/run-facts.ts'
import { joinParagraphs, percent } from './judging/sentences.ts'

/** Where the mean of the last five epochs' val_accuracy should lie. */
export const aslAugmentedBand = { metric: 'val_accuracy', low: 0.96, high: 1 } as const

/** Accuracy on the transformed training pictures in the last epoch; above its end, augmentation was weaker than the lesson's. */
const TRAINED = { low: 0.98, high: 0.99 } as const

/** The run's best val_accuracy. */
const BEST = 0.985

/** Room for early stops: the course's own val_accuracy falls by ten points from one epoch to the next. */
const asked = { trained: { low: TRAINED.low, room: 0.04 }, best: { low: BEST, room: 0.1 } }

/** Judges a run of lesson 4 by its last five epochs and its best. */
export function judge(history: History, { facts, earlier }: VerdictInputs = {}): Verdict {
  const ground = { course: letters, facts, batchNorm: true }
  const end = endOfRun(history, ground)
  if ('text' in end) return end
  const epochs = history.length
  const young = whyNewLieBehind(end.gap, backgroundOf(history, ground))
  const limits = limitsOf(facts, letters)
  const before = lessonBefore(3, earlier, aslCnnReference)
  const beforeEnd = endOf(before, epochs)
  const compared = beforeEnd ? [...compare(end, before, beforeEnd), ...patience(epochs, end, beforeEnd)] : []
  const found = [
    reached(epochs, end),
    ...steadiness(end),
    ...outlier(end),
    ...practised(epochs, end),
    ...bestEpoch(end),
    ...young,
  ]
  if (limits.length > 0) return { text: joinParagraphs(found, before.own ? compared : [], limits) }
  const grade = gradeOf(epochs, end)
  return {
    grade,
    text: joinParagraphs(found, compared, [
      besideCourse(epochs, grade, aslAugmentedReference, texts, facts?.optimizer),
    ]),
  }
}

function gradeOf(epochs: number, end: LastEpochs): Grade {
  if (epochs < aslAugmentedReference.length) {
    return isOnCourse(epochs, end, aslAugmentedReference, asked) ? 'in-band' : 'below-band'
  }
  if (end.trained < TRAINED.low || end.mean < aslAugmentedBand.low || end.best < BEST) return 'below-band'
  return end.trained > TRAINED.high ? 'above-band' : 'in-band'
}

/** Not said of the first epochs, whose accuracy is low because the first guesses count. */
function practised(epochs: number, { gap }: LastEpochs): Text[] {
  if (gap > 0 || epochs < 5) return []
  return [
    {
      en: 'New pictures are the easier ones now: they come as they are, those for practice turned, moved and mirrored.',
      ko: '이제는 처음 보는 그림이 오히려 더 쉽습니다. 연습용 그림은 돌리고 옮기고 뒤집어서 보지만, 검증용 그림은 있는 그대로 보기 때문입니다.',
    },
  ]
}

function patience(epochs: number, end: LastEpochs, before: LastEpochs): Text[] {
  if (epochs >= aslAugmentedReference.length || end.mean >= before.mean) return []
  return [
    {
      en: 'Pictures that are never twice the same take longer to learn: the gain comes in later epochs.',
      ko: '같은 그림이 두 번 나오지 않으면 배우는 데 더 오래 걸립니다. 효과는 뒤의 에포크에서 나타납니다.',
    },
  ]
}

const texts: GradeTexts = {
  asked: {
    en: `${percent(TRAINED.low)} of the practised pictures, ${percent(aslAugmentedBand.low)} of the new ones and at best ${percent(BEST)}`,
    ko: `연습한 그림 ${percent(TRAINED.low)}, 새 그림 ${percent(aslAugmentedBand.low)}, 가장 좋을 때 ${percent(BEST)}`,
  },
  inBand: {
    en: 'So the lesson has worked: this network reads hands that it has never seen.',
    ko: '수업은 성공입니다. 이 신경망은 한 번도 본 적 없는 손을 읽어 냅니다.',
  },
  aboveBand: {
    en: `This one knows more than ${percent(TRAINED.high)} of its practised pictures: were they really turned, moved and mirrored?`,
    ko: `이번에는 연습한 그림을 ${percent(TRAINED.high)}보다 많이 맞혔습니다. 그림을 정말로 돌리고 옮기고 뒤집으며 학습했는지 확인해 보세요.`,
  },
}
