/* A run that ended before the lesson does is held against the course's curve at the same epoch. */
import { curve, type EpochLogs } from '@gicho/core'
import type { LastEpochs } from './last-epochs.ts'

/** What a lesson asks of one number at its end, and how far below the course's curve it may lie on the way there. */
export interface Asked {
  readonly low: number
  readonly room: number
}

/**
 * True when a run is where the course's was after as many epochs. It is never asked for more than at the lesson's end.
 *
 * @param trained of the accuracy on the training pictures
 * @param best of the highest val_accuracy so far; left out where validation jumps too much to say anything early
 */
export function isOnCourse(
  epoch: number,
  run: LastEpochs,
  reference: readonly EpochLogs[],
  asked: { readonly trained: Asked; readonly best?: Asked },
): boolean {
  const { trained, best } = asked
  const accuracy = reference[epoch - 1]?.accuracy ?? 1
  if (run.trained < Math.min(trained.low, accuracy - trained.room)) return false
  if (best === undefined) return true
  const bestThere = Math.max(...curve(reference.slice(0, epoch), 'val_accuracy'))
  return run.best >= Math.min(best.low, bestThere - best.room)
}
