/* A run that has gone wrong in a way that no lesson asks for. It is named and explained before anything else is said. */
import { curve, type EpochRecord, type History, type Text } from '@gicho/core'
import { type Background, isBelowGuessing, isLikeGuessing } from './background.ts'
import { percent } from './sentences.ts'

/** What has gone wrong. */
export type TroubleKind =
  /** The loss on practised pictures lies far above that of guessing. */
  | 'loss-exploded'
  /** The loss on new pictures does, though many are read correctly. */
  | 'validation-loss-exploded'
  /** The loss doesn't move, and the answers are guesses. */
  | 'stuck'
  | 'guessing'
  /** New pictures alone are guessed. */
  | 'guessing-new'
  /** New pictures were read, and are guessed now. */
  | 'collapsed'

export interface Trouble {
  readonly kind: TroubleKind
  /** What is to be seen of it. */
  readonly text: Text
}

/** A training loss beyond so many times that of guessing is a failure: a network that learned nothing has once. */
const EXPLODED = 1.5

/**
 * The same for new pictures: overfitting alone brings it to some 1.2 times (the course's lesson 2), because single pictures are
 * missed with confidence.
 */
const VALIDATION_EXPLODED = 5

/** A loss that moves by less than this share of its value stands still. */
const STILL = 0.002

/** Finds what is wrong with a run whose numbers are numbers; undefined where nothing of the kind is. */
export function findTrouble(history: History, background: Background): Trouble | undefined {
  const last = history.at(-1)
  if (last === undefined) return undefined
  const { guessLoss, train, test } = background
  if (last.loss > EXPLODED * guessLoss) return { kind: 'loss-exploded', text: exploded(last.loss, background) }
  const guessed = last.val_accuracy !== undefined && isLikeGuessing(last.val_accuracy, test, background)
  const untaught = last.accuracy !== undefined && isLikeGuessing(last.accuracy, train, background)
  // Early guesses count in a first epoch's accuracy, so that alone it says nothing.
  if (untaught && (guessed || last.val_accuracy === undefined || history.length > 1)) {
    const still = stillFor(history)
    return still > 1
      ? { kind: 'stuck', text: stuck(history.slice(-still)) }
      : { kind: 'guessing', text: guessing(last, background) }
  }
  if (guessed) return guessedNew(history, last, background)
  if ((last.val_loss ?? 0) > VALIDATION_EXPLODED * guessLoss) {
    return { kind: 'validation-loss-exploded', text: validationExploded(last.val_loss ?? 0, background) }
  }
  return undefined
}

/** How many epochs at the end have the same loss. */
function stillFor(history: History): number {
  const last = history.at(-1)?.loss ?? 0
  const moved = history.findLastIndex(({ loss }) => Math.abs(loss - last) > STILL * Math.abs(last))
  return history.length - 1 - moved
}

function guessedNew(history: History, last: EpochRecord, background: Background): Trouble {
  const all = curve(history, 'val_accuracy')
  const best = Math.max(...all)
  if (isLikeGuessing(best, background.test, background)) {
    return { kind: 'guessing-new', text: guessingNew(last, background) }
  }
  const text: Text = {
    en: `After epoch ${all.indexOf(best) + 1} it was right in ${percent(best)} of the new pictures; now it does no better than guessing, which gets ${percent(background.guessShare)} right. What it had learned is lost.`,
    ko: `에포크 ${all.indexOf(best) + 1} 뒤에는 새 그림의 ${percent(best)}를 맞혔는데, 지금은 그냥 찍어서 맞히는 ${percent(background.guessShare)}보다 나을 것이 없습니다. 배운 것을 잃어버렸습니다.`,
  }
  return { kind: 'collapsed', text }
}

function exploded(loss: number, { classes, guessLoss }: Background): Text {
  const [is, guess] = [loss.toPrecision(3), guessLoss.toFixed(2)]
  return {
    en: `Something went wrong: its loss on the practised pictures is ${Number(is)}, where an even guess among ${classes} classes costs ${guess}. It is wrong and very sure of it, which is worse than having learned nothing.`,
    ko: `무언가 잘못되었습니다. 연습한 그림의 손실이 ${Number(is)}인데, 클래스 ${classes}개 가운데 아무것이나 똑같이 찍어도 ${guess}입니다. 틀린 답을 굳게 믿고 있으니 아무것도 배우지 않은 것만 못합니다.`,
  }
}

function validationExploded(loss: number, { classes, guessLoss }: Background): Text {
  const [is, guess] = [loss.toPrecision(3), guessLoss.toFixed(2)]
  return {
    en: `One number is out of bounds: its loss on the new pictures is ${Number(is)}, where an even guess among ${classes} classes costs ${guess}. When it is wrong, it is wrong with far too much confidence, so its probabilities can't be trusted.`,
    ko: `한 가지 값이 지나치게 큽니다. 새 그림의 손실이 ${Number(is)}인데, 클래스 ${classes}개 가운데 아무것이나 똑같이 찍어도 ${guess}입니다. 틀릴 때 지나치게 확신하며 틀리므로 확률을 믿을 수 없습니다.`,
  }
}

function stuck(still: History): Text {
  const loss = still.at(-1)?.loss.toFixed(3) ?? ''
  return {
    en: `It has stopped learning: for ${still.length} epochs its loss has stood at ${loss}, and its answers are no better than guesses.`,
    ko: `학습이 멈추었습니다. 에포크 ${still.length}번 동안 손실이 ${loss}에서 움직이지 않았고, 답은 찍는 것보다 나을 것이 없습니다.`,
  }
}

function guessing({ val_accuracy: share = 1 }: EpochRecord, background: Background): Text {
  const { en, ko } = guessLevel(background)
  const below = isBelowGuessing(share, background) ? belowGuessing : { en: '', ko: '' }
  return {
    en: `That is no better than guessing: ${en}. It has not learned to tell the classes apart.${below.en}`,
    ko: `찍는 것보다 나을 것이 없습니다. ${ko} 클래스를 구별하는 법을 배우지 못했습니다.${below.ko}`,
  }
}

function guessingNew({ val_accuracy: share = 1 }: EpochRecord, background: Background): Text {
  const { en, ko } = guessLevel(background)
  const below = isBelowGuessing(share, background) ? belowGuessing : { en: '', ko: '' }
  return {
    en: `On new pictures it does no better than guessing: ${en}. What it has learned of the practised ones is of no use there.${below.en}`,
    ko: `새 그림에서는 찍는 것보다 나을 것이 없습니다. ${ko} 연습한 그림에서 배운 것이 거기서는 쓸모가 없습니다.${below.ko}`,
  }
}

function guessLevel({ classes, guessShare, skewed }: Background): Text {
  const share = percent(guessShare)
  return skewed
    ? {
        en: `the most frequent class makes up ${share} of the validation pictures, so that naming it every time is right as often`,
        ko: `검증 그림의 ${share}가 한 클래스라서, 언제나 그 이름만 대도 그만큼은 맞힙니다.`,
      }
    : {
        en: `an even guess among ${classes} classes is right in ${share}`,
        ko: `클래스 ${classes}개 가운데 아무것이나 찍어도 ${share}는 맞힙니다.`,
      }
}

const belowGuessing: Text = {
  en: ' Guessing would even do better: check that the labels of both parts count the classes in the same way.',
  ko: ' 오히려 찍는 것만도 못하니, 학습 그림과 검증 그림의 라벨이 클래스를 같은 순서로 세는지 확인해 보세요.',
}
