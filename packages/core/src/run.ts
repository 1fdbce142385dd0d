import type { History } from './history.ts'
import type { NamedArray } from './job.ts'
import type { RandomStateSnapshot } from './mt19937.ts'

/** Everything that a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  readonly recipe: string
  readonly weights: readonly NamedArray[]
  readonly optimizer: readonly NamedArray[]
  /** State of the generator that makes the orders and draws, before the epoch in which the run stands. */
  readonly random: RandomStateSnapshot
  /** Finished epochs. */
  readonly epoch: number
  /** Finished steps of the epoch under way. */
  readonly step: number
  readonly history: History
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
}
