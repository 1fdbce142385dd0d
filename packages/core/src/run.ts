import type { StepProgress } from './engine.ts'
import type { History } from './history.ts'
import type { NamedArray, OptimizerConfig } from './job.ts'
import type { RandomStateSnapshot } from './mt19937.ts'

/** Where a training stands between two steps: with it `fit` goes on as if it had never stopped. */
export interface TrainingState {
  readonly weights: readonly NamedArray[]
  readonly optimizer: readonly NamedArray[]
  /** State of the generator that makes orders and draws, before it made the order of the pass under way. */
  readonly random: RandomStateSnapshot
  /** Rows of that pass that have been trained on. */
  readonly rowsOfPass: number
  /** Finished epochs. */
  readonly epoch: number
  /** What the epoch under way has done so far; its `steps` is 0 between two epochs. */
  readonly progress: StepProgress
  /** Seconds that the epoch under way has taken so far. */
  readonly seconds: number
  /** The rate of the epoch under way. */
  readonly learningRate: number
  /** The limit of the optimizer's clip in that epoch; left out where there is none. */
  readonly clip?: number
  readonly history: History
}

/** A training state, and whose it is. */
export interface Checkpoint extends TrainingState {
  readonly recipe: string
}

/** A run as one portable record; its weights lie beside it as a saved model. */
export interface RunCard {
  readonly format: 'gicho-run'
  readonly formatVersion: 1
  readonly recipe: string
  readonly dataset: { readonly name: string; readonly source: string; readonly train: number; readonly valid: number }
  readonly seed: number
  readonly epochs: number
  readonly batchSize: number
  /** What the weights were changed with; left out where nobody knows it any more. */
  readonly optimizer?: OptimizerConfig
  readonly engine: string
  readonly device: string
  readonly threads: number
  readonly parameters: number
  /** Versions of gicho and of what it runs on, by name. */
  readonly versions: Readonly<Record<string, string>>
  /** ISO 8601 in UTC. */
  readonly startedAt: string
  readonly seconds: number
  /** `interrupted` and `failed` runs keep what they had. */
  readonly status: 'done' | 'interrupted' | 'failed'
  readonly history: History
  /** Folder of the saved model, relative to the card. */
  readonly model?: string
  /** What the run was asked for, so that it can be resumed; left out by programs that don't resume. */
  readonly options?: RunOptions
}

/** How a run was started: an app's options, as data. */
export interface RunOptions {
  readonly engine: string
  readonly backend: string
  readonly threads?: number
  readonly stepsPerEpoch?: number
  /** Images taken of each part. */
  readonly limit?: number
  /** The path that the data was read from. */
  readonly data?: string
  /** True where the data may be another than the published one. */
  readonly trust?: boolean
  readonly language: string
}
