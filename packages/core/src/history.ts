/**
 * One epoch's results under Keras' names. The `val_` pair is absent when nothing was validated, and the accuracies with a mean error,
 * whose targets are numbers: a share of right answers means nothing there.
 */
export interface EpochLogs {
  readonly loss: number
  readonly accuracy?: number
  readonly val_loss?: number
  readonly val_accuracy?: number
}

/** One finished epoch. */
export interface EpochRecord extends EpochLogs {
  /** Counted from 1. */
  readonly epoch: number
  /** Training and validation together. */
  readonly seconds: number
  /** Training alone, per step. */
  readonly msPerStep: number
}

/** A run's epochs, oldest first. */
export type History = readonly EpochRecord[]

/** Reads one curve out of a history; epochs without that value are left out. */
export function curve(history: readonly EpochLogs[], metric: keyof EpochLogs): number[] {
  return history.flatMap((epoch) => epoch[metric] ?? [])
}
