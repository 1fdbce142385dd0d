/* A run beside the run of the lesson before: higher? steadier? */
import type { EpochLogs, Text } from '@gicho/core'
import { type LastEpochs, lastEpochs } from './last-epochs.ts'
import { percent, points } from './sentences.ts'

/** Single runs of one network, alike but for their seed, end as far apart as this. */
const NOISE = 0.02

/** The lesson before, as a verdict compares with it. */
export interface LessonBefore {
  /** Its number in the course. */
  readonly number: number
  readonly curve: readonly EpochLogs[]
  /** True for the learner's own run, false for the course's recorded one. */
  readonly own: boolean
}

/** The learner's own run of the lesson before where there is one, else the one that the course recorded. */
export function lessonBefore(
  number: number,
  own: readonly EpochLogs[] | undefined,
  recorded: readonly EpochLogs[],
): LessonBefore {
  return own === undefined || own.length === 0
    ? { number, curve: recorded, own: false }
    : { number, curve: own, own: true }
}

/** The end of that lesson's run, or where it stood after as many epochs as this run has. */
export function endOf(before: LessonBefore, epochs: number): LastEpochs | undefined {
  return lastEpochs(before.curve.slice(0, epochs))
}

/** "lesson 2 (your newest run)", "lesson 2 (the course's recorded run)". */
export function named({ number, own }: LessonBefore): Text {
  return own
    ? { en: `lesson ${number} (your newest run)`, ko: `수업 ${number}(내가 가장 최근에 한 실행)` }
    : { en: `lesson ${number} (the course's recorded run)`, ko: `수업 ${number}(원래 수업의 기록)` }
}

/** Whether a run ends higher than the lesson before, and whether it is steadier. */
export function compare(run: LastEpochs, before: LessonBefore, beforeEnd: LastEpochs): Text[] {
  const sentences = [higher(run, before, beforeEnd)]
  if (run.epochs > 1 && beforeEnd.epochs > 1) sentences.push(steadier(run, beforeEnd))
  return sentences
}

function higher(run: LastEpochs, before: LessonBefore, beforeEnd: LastEpochs): Text {
  const difference = run.mean - beforeEnd.mean
  const by = points(difference)
  const name = named(before)
  const height = percent(beforeEnd.mean)
  const small = Math.abs(difference) < NOISE
  if (difference > 0) {
    return {
      en: `Is it higher than ${name.en}, which had ${height}? Yes, by ${by} points${small ? ', though two runs that differ only in their seed may lie as far apart' : ''}.`,
      ko: `${name.ko}의 ${height}보다 높을까요? 네, ${by}퍼센트포인트 높습니다.${small ? ' 다만 시드만 다른 두 실행도 이만큼은 차이가 날 수 있습니다.' : ''}`,
    }
  }
  return {
    en: `Is it higher than ${name.en}, which had ${height}? No, it lies ${by} points below${small ? ', no further than two runs that differ only in their seed' : ''}.`,
    ko: `${name.ko}의 ${height}보다 높을까요? 아니요, ${by}퍼센트포인트 낮습니다.${small ? ' 시드만 다른 두 실행 사이에서도 날 수 있는 차이입니다.' : ''}`,
  }
}

function steadier(run: LastEpochs, beforeEnd: LastEpochs): Text {
  const [now, then] = [points(run.deviation), points(beforeEnd.deviation)]
  const range = `${percent(beforeEnd.lowest)} to ${percent(beforeEnd.highest)}`
  const span = `${percent(beforeEnd.lowest)}~${percent(beforeEnd.highest)}`
  return run.deviation < beforeEnd.deviation
    ? {
        en: `Is it steadier? Yes: its standard deviation is ${now} points, there it was ${then} (${range}).`,
        ko: `더 안정적일까요? 네. 표준편차가 ${now}퍼센트포인트로, 그때의 ${then}퍼센트포인트(${span})보다 작습니다.`,
      }
    : {
        en: `Is it steadier? Not by its last epochs: its standard deviation is ${now} points, there it was ${then} (${range}).`,
        ko: `더 안정적일까요? 마지막 에포크들로 보면 그렇지 않습니다. 표준편차가 ${now}퍼센트포인트이고, 그때는 ${then}퍼센트포인트(${span})였습니다.`,
      }
}
