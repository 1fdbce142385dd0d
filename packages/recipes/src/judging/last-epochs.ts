/* How high a curve ends, and how steadily: single epochs jump, so a lesson is judged by its last five. */
import { curve, type EpochLogs, type History, type Text, type Verdict } from '@gicho/core'
import { backgroundOf, type Ground } from './background.ts'
import { likelyCauses, unusualRate } from './causes.ts'
import { handful, limitsOf } from './run-facts.ts'
import { joinParagraphs, notANumber, nothingFinished, notValidated, percent, points } from './sentences.ts'
import { findTrouble } from './trouble.ts'

/** The epochs at the end that are judged together. */
const EPOCHS = 5

/** How far below the others an epoch is out of line. */
const OUTLIER = 0.1

/** val_accuracy at the end of a run. */
export interface LastEpochs {
  /** Epochs that the numbers below are about: five, fewer in a short run. */
  readonly epochs: number
  readonly mean: number
  /** Standard deviation over those epochs. */
  readonly deviation: number
  readonly lowest: number
  readonly highest: number
  /** The highest of the whole run, and the epoch that had it, counted from 1. */
  readonly best: number
  readonly bestEpoch: number
  /** Accuracy on the training pictures, of the last epoch. */
  readonly trained: number
  /** `trained` less `mean`. */
  readonly gap: number
}

/** The end of a run; undefined where nothing was validated. */
export function lastEpochs(run: readonly EpochLogs[]): LastEpochs | undefined {
  const all = curve(run, 'val_accuracy')
  const trained = run.at(-1)?.accuracy
  if (all.length === 0 || trained === undefined) return undefined
  const last = all.slice(-EPOCHS)
  const mean = last.reduce((sum, value) => sum + value, 0) / last.length
  const variance = last.reduce((sum, value) => sum + (value - mean) ** 2, 0) / last.length
  const best = Math.max(...all)
  return {
    epochs: last.length,
    mean,
    deviation: Math.sqrt(variance),
    lowest: Math.min(...last),
    highest: Math.max(...last),
    best,
    bestEpoch: all.indexOf(best) + 1,
    trained,
    gap: trained - mean,
  }
}

/** The end of a finished run, or the verdict on one that has no end to judge or that has gone wrong. */
export function endOfRun(history: History, ground: Ground): LastEpochs | Verdict {
  const last = history.at(-1)
  if (last === undefined) return { text: nothingFinished }
  const { loss, accuracy = 0, val_loss = 0, val_accuracy = 0 } = last
  const background = backgroundOf(history, ground)
  if (![loss, accuracy, val_loss, val_accuracy].every(Number.isFinite)) {
    return { grade: 'below-band', text: joinParagraphs([notANumber], unusualRate(background.optimizer)) }
  }
  const limits = limitsOf(ground.facts, ground.course)
  const trouble = findTrouble(history, background)
  if (trouble) {
    const causes = likelyCauses(trouble.kind, background)
    return { grade: 'below-band', text: joinParagraphs([rightNow(history.length, last), trouble.text], causes, limits) }
  }
  const { facts } = ground
  if (facts && last.val_accuracy !== undefined && handful(facts).length > 0) {
    return { text: joinParagraphs([rightNow(history.length, last)], limits) }
  }
  const end = last.val_accuracy === undefined ? undefined : lastEpochs(history)
  return end ?? { text: joinParagraphs([notValidated], limits) }
}

/** The numbers of the last epoch alone. */
function rightNow(epochs: number, { accuracy = Number.NaN, val_accuracy }: EpochLogs): Text {
  const after = { en: `After ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`, ko: `에포크 ${epochs}번을 마친` }
  return val_accuracy === undefined
    ? {
        en: `${after.en} the network is right in ${percent(accuracy)} of the pictures that it practised with.`,
        ko: `${after.ko} 신경망은 연습한 그림의 ${percent(accuracy)}를 맞힙니다.`,
      }
    : {
        en: `${after.en} the network is right in ${percent(accuracy)} of the pictures that it practised with, and in ${percent(val_accuracy)} of those that it has never seen.`,
        ko: `${after.ko} 신경망은 연습한 그림의 ${percent(accuracy)}, 처음 보는 그림의 ${percent(val_accuracy)}를 맞힙니다.`,
      }
}

/** What the network can do with pictures that it knows, and with new ones. */
export function reached(epochs: number, { trained, mean, epochs: judged }: LastEpochs): Text {
  const average =
    judged > 1
      ? { en: ` (the mean of its last ${judged} epochs)`, ko: `(마지막 ${judged}에포크 평균)` }
      : { en: '', ko: '' }
  return {
    en: `After ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} the network is right in ${percent(trained)} of the pictures that it practised with, and in ${percent(mean)} of those that it has never seen${average.en}.`,
    ko: `에포크 ${epochs}번을 마친 신경망은 연습한 그림의 ${percent(trained)}, 처음 보는 그림의 ${percent(mean)}${average.ko}를 맞힙니다.`,
  }
}

/** How high and how steady the end of a run is. */
export function steadiness({ epochs, deviation, lowest, highest }: LastEpochs): Text[] {
  if (epochs < 2) return []
  return [
    {
      en:
        `Over those epochs val_accuracy lay between ${percent(lowest)} and ${percent(highest)}, ` +
        `with a standard deviation of ${points(deviation)} points.`,
      ko:
        `그동안 val_accuracy는 ${percent(lowest)}에서 ${percent(highest)} 사이를 오갔으며, ` +
        `표준편차는 ${points(deviation)}퍼센트포인트였습니다.`,
    },
  ]
}

/** Which epoch did best on new pictures; nothing where there was but one. */
export function bestEpoch({ epochs, best, bestEpoch: epoch }: LastEpochs): Text[] {
  if (epochs < 2) return []
  return [
    {
      en: `Its best epoch on new pictures was number ${epoch}, with ${percent(best)}.`,
      ko: `새 그림을 가장 잘 읽은 것은 ${epoch}번째 에포크로, ${percent(best)}였습니다.`,
    },
  ]
}

/** A single epoch far below the four others says little about the network, and yet pulls the mean down. */
export function outlier({ epochs, mean, lowest }: LastEpochs): Text[] {
  const without = (mean * epochs - lowest) / (epochs - 1)
  if (epochs < EPOCHS || without - lowest < OUTLIER) return []
  return [
    {
      en: `One of them is out of line with ${percent(lowest)}, as happens now and then while the weights still move; without it the mean would be ${percent(without)}.`,
      ko: `그 가운데 하나는 ${percent(lowest)}로 크게 벗어났는데, 가중치가 계속 움직이는 동안에는 가끔 있는 일입니다. 이것을 빼면 평균은 ${percent(without)}가 됩니다.`,
    },
  ]
}
