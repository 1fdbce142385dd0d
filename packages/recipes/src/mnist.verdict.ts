/* How a run of `mnist` is judged, in plain words and from its own numbers. */
import type { EpochLogs, Grade, History, Text, Verdict } from '@gicho/core'

/** How much of the lesson's data a run saw; a run on less of it is not comparable with the course's. */
export interface RunSize {
  /** Training images. */
  readonly train: number
  /** Validation images. */
  readonly test: number
  /** Images seen in an epoch, where steps were limited; `train` where not. */
  readonly perEpoch: number
}

const fullSize: RunSize = { train: 60_000, test: 10_000, perEpoch: 60_000 }

/**
 * How far below the course's curve a run may lie before its last epoch. Six seeds in Keras 3.15 ended their first
 * epoch between .9646 and .9739 and none of their first four fell more than .0042 below it: .01 is room enough.
 */
const ROOM = 0.01

/** Validation accuracy from which a run of so many epochs counts as what the lesson asks for. */
function acceptedFrom(epochs: number, reference: readonly EpochLogs[], low: number): number {
  const sameEpoch = epochs < reference.length ? reference[epochs - 1]?.val_accuracy : undefined
  return sameEpoch === undefined ? low : Math.min(low, sameEpoch - ROOM)
}

/** Judges a run by its last epoch, held against the same epoch of the course's run. */
export function judge(
  history: History,
  reference: readonly EpochLogs[],
  low: number,
  size: RunSize = fullSize,
): Verdict {
  const last = history.at(-1)
  if (last === undefined) return { grade: 'below-band', text: nothingFinished }
  if (!allFinite(last)) return { grade: 'below-band', text: notANumber }
  if (last.val_accuracy === undefined) return { grade: 'below-band', text: notValidated }
  const asked = acceptedFrom(last.epoch, reference, low)
  const grade: Grade = last.val_accuracy >= asked ? 'in-band' : 'below-band'
  const sameEpoch = reference[Math.min(last.epoch, reference.length) - 1]?.val_accuracy ?? low
  const limited = size.train < fullSize.train || size.test < fullSize.test || size.perEpoch < fullSize.train
  const sentences = limited
    ? [reached(last.epoch, last.val_accuracy), limitedRun(size)]
    : [
        reached(last.epoch, last.val_accuracy),
        compared(grade, asked, sameEpoch, last.epoch < reference.length),
        practised(last.accuracy, last.val_accuracy),
        ...lossRises(history),
      ]
  return { grade, text: join(sentences) }
}

function allFinite(epoch: EpochLogs): boolean {
  return [epoch.loss, epoch.accuracy, epoch.val_loss ?? 0, epoch.val_accuracy ?? 0].every(Number.isFinite)
}

function join(sentences: readonly Text[]): Text {
  return { en: sentences.map((text) => text.en).join(' '), ko: sentences.map((text) => text.ko).join(' ') }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}

function count(n: number): string {
  return n.toLocaleString('en-US')
}

const nothingFinished: Text = {
  en: 'No epoch was finished, so there is nothing to judge yet.',
  ko: '끝까지 마친 에포크가 없어서 아직 판단할 것이 없습니다.',
}

const notANumber: Text = {
  en:
    'The loss stopped being a number (NaN or infinite): the weights have run away and nothing more can be learned from here. ' +
    'Train again from the start, with a smaller learning rate if it was raised.',
  ko:
    '손실이 더 이상 수가 아니게 되었습니다(NaN 또는 무한대). 가중치가 걷잡을 수 없이 커져서 여기서는 더 배울 수 없습니다. ' +
    '처음부터 다시 학습하고, 학습률을 올렸다면 낮춰 보세요.',
}

const notValidated: Text = {
  en: 'The run was not validated, so nobody knows how it does on pictures it has not practised with.',
  ko: '검증을 하지 않아서, 연습하지 않은 그림을 얼마나 잘 읽는지 알 수 없습니다.',
}

function reached(epochs: number, accuracy: number): Text {
  return {
    en: `After ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} the network reads ${percent(accuracy)} of the validation digits correctly.`,
    ko: `에포크 ${epochs}번을 마친 신경망은 검증 숫자의 ${percent(accuracy)}를 맞게 읽습니다.`,
  }
}

function limitedRun(size: RunSize): Text {
  const seen = Math.min(size.train, size.perEpoch)
  return {
    en:
      `This was a limited run: ${count(seen)} of 60,000 training pictures in an epoch and ${count(size.test)} of 10,000 for validation. ` +
      'It shows that everything works, not how well this network can read; ' +
      "only a run over all pictures can be held against the course's curve.",
    ko:
      `일부만 쓴 실행이었습니다. 에포크마다 학습 그림 60,000장 가운데 ${count(seen)}장, 검증에는 10,000장 가운데 ${count(size.test)}장을 썼습니다. ` +
      '모든 것이 제대로 돌아간다는 점은 보여 주지만, 이 신경망이 얼마나 잘 읽을 수 있는지는 알려 주지 않습니다. ' +
      '원래 수업의 곡선과 견주려면 모든 그림으로 학습해야 합니다.',
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
