import type { EpochLogs, EpochRecord, RunStart } from '@gicho/core'
import type { TrainingProgress } from '../worker/news.ts'
import type { Notice } from './notices.ts'

/** A point of a live curve; `epoch` counts from 0 and has a fraction. */
export interface LivePoint extends EpochLogs {
  readonly epoch: number
}

/** How a lesson's training stands. */
export interface TrainingState {
  readonly phase: 'idle' | 'starting' | 'training' | 'paused' | 'ended'
  readonly run?: RunStart
  /** The run's number in this browser. */
  readonly number?: number
  readonly progress?: TrainingProgress
  readonly points: readonly LivePoint[]
  readonly history: readonly EpochRecord[]
  readonly pace?: Pace
  /** Why it didn't start, or ended early. */
  readonly trouble?: Notice
}

/** How fast a training is, and since when that is measured. */
interface Pace {
  readonly at: number
  /** Of the epoch, at that moment. */
  readonly images: number
  readonly imagesPerSecond?: number
}

export const idleTraining: TrainingState = { phase: 'idle', points: [], history: [] }
/** A live curve is thinned out to so many points an epoch. */
const POINTS_PER_EPOCH = 24

/** True from the start to the end of a training. */
export function isUnderWay({ phase }: TrainingState): boolean {
  return phase === 'starting' || phase === 'training' || phase === 'paused'
}

/** @param at the time in milliseconds */
export function withProgress(
  state: TrainingState,
  progress: TrainingProgress,
  at: number = performance.now(),
): TrainingState {
  const { epoch, steps, stepsPerEpoch, loss, correct, samples } = progress
  const place = epoch - 1 + steps / stepsPerEpoch
  const last = state.points.at(-1)?.epoch ?? 0
  const isNew = place - last >= 1 / POINTS_PER_EPOCH
  const point = { epoch: place, loss: loss / samples, accuracy: correct / samples }
  return {
    ...state,
    progress,
    pace: paceOf(state, samples, at),
    points: isNew ? [...state.points, point] : state.points,
  }
}

/** Over the last second or so; a new epoch or a pause starts anew and keeps what was measured before. */
function paceOf({ phase, pace }: TrainingState, images: number, at: number): Pace {
  if (!pace || images <= pace.images || phase === 'paused' || at - pace.at > 4000) return { ...pace, at, images }
  if (at - pace.at < 800) return pace
  return { at, images, imagesPerSecond: (1000 * (images - pace.images)) / (at - pace.at) }
}

/** Images a second: at present, or in the last epoch where epochs are too short to be measured from outside; undefined at first. */
export function speedOf({ phase, pace, history, run }: TrainingState, batchSize: number): number | undefined {
  const last = history.at(-1)
  const perStep = run ? Math.min(batchSize, run.train / run.stepsPerEpoch) : batchSize // a single small batch is no full one
  const ofEpoch = last && last.msPerStep > 0 ? (1000 * perStep) / last.msPerStep : undefined
  return phase === 'ended' ? ofEpoch : (pace?.imagesPerSecond ?? ofEpoch)
}

/** At that speed; of finished epochs, the validation's time counts too. Undefined where nobody knows it. */
export function secondsLeft(
  state: TrainingState,
  epochs: number,
  imagesPerSecond: number | undefined,
): number | undefined {
  const { progress, history, run } = state
  if (!progress || !run || !imagesPerSecond) return undefined
  const images = run.train
  const rest = images - Math.min(images, progress.epoch > history.length ? progress.samples : images)
  const last = history.at(-1)
  const perEpoch = last ? last.seconds : images / imagesPerSecond
  return rest / imagesPerSecond + (epochs - Math.max(progress.epoch, history.length)) * perEpoch
}
