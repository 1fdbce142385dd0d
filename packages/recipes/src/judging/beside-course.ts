/* A run beside the one that the course recorded. */
import type { EpochLogs, Grade, OptimizerConfig, Text } from '@gicho/core'
import { unusualRate } from './causes.ts'
import { lastEpochs } from './last-epochs.ts'
import { join, percent } from './sentences.ts'

/** What a lesson says of its grades. */
export interface GradeTexts {
  /** What the lesson asks for at its end, as the object of "asks for". */
  readonly asked: Text
  /** A sentence on a run that has done as it should. */
  readonly inBand: Text
  readonly aboveBand: Text
}

/** Says where the course's run stood after as many epochs, and what to think of this one. */
export function besideCourse(
  epochs: number,
  grade: Grade,
  reference: readonly EpochLogs[],
  texts: GradeTexts,
  optimizer?: OptimizerConfig,
): Text {
  const early = epochs < reference.length
  const why = grade === 'below-band' ? unusualRate(optimizer) : []
  return join([recorded(reference.slice(0, epochs), early), early ? soFar(grade) : remark(grade, texts), ...why])
}

function recorded(reference: readonly EpochLogs[], early: boolean): Text {
  const course = lastEpochs(reference)
  const [trained, mean, best] = [course?.trained ?? 0, course?.mean ?? 0, course?.best ?? 0].map(percent)
  return {
    en: `The course's own run had ${trained} of the practised pictures right${early ? ' at this point' : ''}, ${mean} of the new ones, and ${best} at best.`,
    ko: `원래 수업의 기록은 ${early ? '이 시점에 ' : ''}연습한 그림 ${trained}, 새 그림 ${mean}, 가장 좋을 때 ${best}였습니다.`,
  }
}

function soFar(grade: Grade): Text {
  return grade === 'below-band'
    ? {
        en: 'This run lies behind it: something is off. Compare the curves epoch by epoch, and try another seed.',
        ko: '이번 실행은 그보다 뒤처져 있으니 어딘가 어긋났습니다. 곡선을 에포크마다 견주어 보고, 다른 시드로도 해 보세요.',
      }
    : { en: 'So this run is right on course.', ko: '이번 실행도 순조롭게 가고 있습니다.' }
}

function remark(grade: Grade, { asked, inBand, aboveBand }: GradeTexts): Text {
  if (grade === 'in-band') return inBand
  if (grade === 'above-band') return aboveBand
  return {
    en: `The lesson asks for ${asked.en}: something is off. Compare the curves epoch by epoch, and try another seed.`,
    ko: `이 수업이 바라는 것은 ${asked.ko}이니 어딘가 어긋났습니다. 곡선을 에포크마다 견주어 보고, 다른 시드로도 해 보세요.`,
  }
}
