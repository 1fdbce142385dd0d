/* How a run of `mnist` is judged, in plain words and from its own numbers. */
import type { Grade, History, Text, Verdict } from '@gicho/core'
import { unusualRate } from './judging/causes.ts'
import { endOfRun } from './judging/last-epochs.ts'
import { digits, limitsOf, type RunFacts } from './judging/run-facts.ts'
import { join, percent } from './judging/sentences.ts'
import { mnistReference } from './mnist.reference.ts'

/** Where val_accuracy should end. */
export const mnistBand = { metric: 'val_accuracy', low: 0.975, high: 1 } as const

/**
 * How far below the course's curve a run may lie before its last epoch. Six seeds in Keras 3.15 ended their first
 * epoch between .9646 and .9739 and none of their first four fell more than .0042 below it: .01 is room enough.
 */
const ROOM = 0.01

/** Validation accuracy from which a run of so many epochs counts as what the lesson asks for. */
function acceptedFrom(epochs: number): number {
  const sameEpoch = epochs < mnistReference.length ? mnistReference[epochs - 1]?.val_accuracy : undefined
  return sameEpoch === undefined ? mnistBand.low : Math.min(mnistBand.low, sameEpoch - ROOM)
}

/** Judges a run by its last epoch, held against the same epoch of the course's run. */
export function judge(history: History, facts?: RunFacts): Verdict {
  const end = endOfRun(history, { course: digits, facts, batchNorm: false })
  if ('text' in end) return end
  const epochs = history.length
  const accuracy = history.at(-1)?.val_accuracy ?? end.mean
  const limits = limitsOf(facts, digits)
  if (limits.length > 0) return { text: join([reached(epochs, accuracy), ...limits]) }
  const asked = acceptedFrom(epochs)
  const grade: Grade = accuracy >= asked ? 'in-band' : 'below-band'
  const sameEpoch = mnistReference[Math.min(epochs, mnistReference.length) - 1]?.val_accuracy ?? mnistBand.low
  const sentences = [
    reached(epochs, accuracy),
    compared(grade, asked, sameEpoch, epochs < mnistReference.length),
    practised(end.trained, accuracy),
    ...(grade === 'below-band' ? unusualRate(facts?.optimizer) : []),
    ...lossRises(history),
  ]
  return { grade, text: join(sentences) }
}

function reached(epochs: number, accuracy: number): Text {
  return {
    en: `After ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} the network reads ${percent(accuracy)} of the validation pictures correctly.`,
    ko: `에포크 ${epochs}번을 마친 신경망은 검증 그림의 ${percent(accuracy)}를 맞게 읽습니다.`,
  }
}

function compared(grade: Grade, asked: number, reference: number, early: boolean): Text {
  const course = {
    en: `The course's own run had ${percent(reference)}${early ? ' at this point' : ''}`,
    ko: `원래 수업의 기록은 ${early ? '이 시점에 ' : ''}${percent(reference)}였습니다`,
  }
  if (grade === 'below-band') {
    return {
      en: `${course.en}, and ${percent(asked)} is the least that this lesson asks for: something is off. Compare the curve above with the course's epoch by epoch, and try another seed.`,
      ko: `${course.ko}. 이 수업이 바라는 최소는 ${percent(asked)}이니 어딘가 어긋났습니다. 위의 곡선을 에포크마다 원래 기록과 견주어 보고, 다른 시드로도 해 보세요.`,
    }
  }
  return early
    ? {
        en: `${course.en}: right on course. All five epochs bring it to about 98%.`,
        ko: `${course.ko}. 순조롭습니다. 다섯 에포크를 모두 마치면 98% 안팎에 이릅니다.`,
      }
    : {
        en: `${course.en}: the lesson has worked, and three dense layers read handwriting almost without fault.`,
        ko: `${course.ko}. 수업은 성공입니다. dense 층 세 개만으로 손글씨를 거의 틀리지 않고 읽게 되었습니다.`,
      }
}

function practised(accuracy: number, valAccuracy: number): Text {
  const gap = accuracy - valAccuracy
  if (gap < 0) {
    return {
      en: `Over the epoch it got ${percent(accuracy)} of the training pictures right: less, because its early guesses count too.`,
      ko: `에포크 동안 학습 그림은 ${percent(accuracy)}를 맞혔습니다. 서툴던 초반까지 평균에 들어가서 검증보다 낮게 나옵니다.`,
    }
  }
  return gap < 0.02
    ? {
        en: `On the pictures it practised with it is right in ${percent(accuracy)}, hardly more: it has understood digits rather than learned pictures by heart.`,
        ko: `연습한 그림에서는 ${percent(accuracy)}로 차이가 거의 없습니다. 그림을 외운 것이 아니라 숫자를 이해했다는 뜻입니다.`,
      }
    : {
        en: `On the pictures it practised with it is right in ${percent(accuracy)}, clearly more: it has begun to learn pictures by heart, which is called overfitting.`,
        ko: `연습한 그림에서는 ${percent(accuracy)}로 눈에 띄게 높습니다. 그림을 외우기 시작했다는 신호이고, 이것을 과적합이라고 합니다.`,
      }
}

/** A validation loss that has climbed by a tenth since its lowest epoch is worth a word; the course's own run did it. */
function lossRises(history: History): Text[] {
  const losses = history.map((epoch) => epoch.val_loss ?? Number.POSITIVE_INFINITY)
  const lowest = Math.min(...losses)
  const last = losses.at(-1) ?? lowest
  if (!Number.isFinite(lowest) || last < lowest * 1.1) return []
  const best = history[losses.indexOf(lowest)]?.epoch ?? 1
  return [
    {
      en:
        `One thing to notice: val_loss was lowest after epoch ${best} (${lowest.toFixed(3)}) and is ${last.toFixed(3)} now. ` +
        'The few digits it still gets wrong, it gets wrong with growing confidence.',
      ko:
        `눈여겨볼 점이 하나 있습니다. val_loss는 에포크 ${best} 뒤에 ${lowest.toFixed(3)}로 가장 낮았는데 지금은 ${last.toFixed(3)}입니다. ` +
        '몇 안 남은 틀린 숫자를 점점 더 확신하며 틀리고 있습니다.',
    },
  ]
}
