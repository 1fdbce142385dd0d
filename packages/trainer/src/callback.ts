import type { EpochRecord, History, NamedArray } from '@gicho/core'

/** What a callback can see and do. */
export interface FitContext {
  readonly epochs: number
  readonly stepsPerEpoch: number
  /** True when every epoch ends with a validation, so that `val_` metrics are there. */
  readonly validates: boolean
  /** How the training ended; undefined while it runs, and when it ran to its end. */
  readonly stopped: StopReason | undefined
  /** The rate from the next epoch on; set it to change it. */
  learningRate: number
  /** The limit of the optimizer's clip, whichever it has, from the next epoch on; set it to change it. Undefined without a clip. */
  clip: number | undefined
  /** Ends the training after this epoch. */
  stop(): void
  readWeights(): Promise<NamedArray[]>
  writeWeights(weights: readonly NamedArray[]): Promise<void>
  readOptimizer(): Promise<NamedArray[]>
}

/** `early`: a callback stopped it; `aborted`: the signal did. */
export type StopReason = 'early' | 'aborted'

/** Takes part in a `fit`. Each method is awaited; what it throws ends the training. */
export interface Callback {
  onTrainBegin?(context: FitContext): void | Promise<void>
  /** @param epoch counted from 1 */
  onEpochBegin?(epoch: number, context: FitContext): void | Promise<void>
  /** After the epoch's validation. */
  onEpochEnd?(record: EpochRecord, context: FitContext): void | Promise<void>
  /** After the last epoch, also when the training was stopped or aborted; not after an error. */
  onTrainEnd?(history: History, context: FitContext): void | Promise<void>
}
