import type { ImageDataset, ImageShape } from './dataset.ts'
import type { Engine, StepProgress } from './engine.ts'
import type { EpochLogs, EpochRecord, History } from './history.ts'
import type { OptimizerConfig } from './job.ts'
import type { TrainingState } from './run.ts'
import type { Shape } from './shape.ts'

/** A text in every language of the lessons. */
export interface Text {
  readonly en: string
  readonly ko: string
}

/** One row of a model's summary, as Keras prints it; `null` in a shape is the batch. */
export interface SummaryRow {
  readonly name: string
  readonly type: string
  readonly outputShape: readonly (number | null)[]
  readonly parameters: number
}

/** A model's layers and parameter counts. */
export interface ModelSummary {
  readonly name: string
  readonly rows: readonly SummaryRow[]
  readonly totalParameters: number
  readonly trainableParameters: number
}

/** What a verdict judges: worse first. */
export type Grade = 'below-band' | 'in-band' | 'above-band'

/** A run judged in plain words. */
export interface Verdict {
  /** Left out where there is nothing to hold a run against: other data, or too little of it. A run that failed is `below-band` on any data. */
  readonly grade?: Grade
  readonly text: Text
}

/** One picture, [height, width, channels] bytes. */
export interface Picture {
  readonly title: string
  readonly pixels: Uint8Array
  readonly shape: ImageShape
}

/** What a step shows, as data: a terminal and a page each draw it in their own way. */
export type StepOutput =
  | { readonly kind: 'values'; readonly rows: readonly { readonly name: string; readonly value: string }[] }
  | {
      readonly kind: 'matrix'
      readonly title: string
      readonly shape: Shape
      readonly values: ArrayLike<number>
      readonly digits: number
    }
  | {
      readonly kind: 'pictures'
      readonly title: string
      readonly columns: number
      readonly pictures: readonly Picture[]
      readonly colours: 'grey' | 'viridis'
    }
  | { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'summary'; readonly summary: ModelSummary }
  | { readonly kind: 'history'; readonly history: History; readonly reference: readonly EpochLogs[] }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'note'; readonly text: Text }

/** What a recipe asks of the app that runs it, and what its steps hand on to one another. */
export interface RecipeContext {
  /** Training and validation data, found by the app (the user's folder, the cache, the network …). */
  load(dataset: string): Promise<{ train: ImageDataset; test: ImageDataset }>
  readonly engine?: Engine
  readonly seed: number
  readonly epochs: number
  readonly stepsPerEpoch?: number
  /** In the place of the recipe's own. */
  readonly batchSize?: number
  /** In the place of the one that the recipe's compile step takes. */
  readonly optimizer?: OptimizerConfig
  readonly signal?: AbortSignal
  /** Goes on from a run that was interrupted. */
  readonly resumeFrom?: TrainingState
  /** Keeps a training's state; called at each epoch's end, when the signal stops it, and in between. */
  onCheckpoint?(state: TrainingState): void | Promise<void>
  /** How often in between; see the trainer's `fit`. */
  readonly checkpointSeconds?: number
  /** The newest finished run of another lesson on the same data, to be compared with; undefined where there is none. */
  earlierRun?(recipe: string): Promise<History | undefined>
  /** Called before the first epoch. */
  onStart?(run: RunStart): void
  onProgress?(progress: StepProgress & { readonly epoch: number; readonly stepsPerEpoch: number }): void
  onEpoch?(epoch: EpochRecord): void | Promise<void>
}

/** What is about to be trained, known once the engine is open. */
export interface RunStart {
  readonly engine: string
  readonly device: string
  readonly threads: number
  readonly parameters: number
  readonly train: number
  readonly valid: number
  readonly stepsPerEpoch: number
}

/** One step of a lesson. `Lesson` is what the steps of a recipe share; a step fills in what later steps read. */
export interface RecipeStep<Lesson> {
  readonly id: string
  readonly title: Text
  readonly prose: Text
  /**
   * The prose with the numbers of this lesson: of the data that was loaded and the settings that were chosen. Left out where the
   * prose has none. Before the data is there, it is `prose`, which speaks of the course's.
   */
  proseOf?(lesson: Lesson): Text
  run(lesson: Lesson): Promise<readonly StepOutput[]>
}

/** The accepted range of a lesson's outcome; both ends belong to it. */
export interface Band {
  readonly metric: 'val_accuracy' | 'accuracy'
  readonly low: number
  readonly high: number
}

/** A lesson: what it is called, what it trains on, its steps in order, and the curve that it is held against. */
export interface Recipe<Lesson> {
  /** Also its name on the command line. */
  readonly id: string
  readonly title: Text
  /** What is learned here, in two sentences. */
  readonly summary: Text
  readonly dataset: string
  /** Left out where nothing is trained. */
  readonly fit?: { readonly epochs: number; readonly batchSize: number }
  /** The course's own recorded run; empty where nothing is trained. */
  readonly reference: readonly EpochLogs[]
  readonly band?: Band
  readonly steps: readonly RecipeStep<Lesson>[]
  /** Judges a finished run, against the lesson before where there is one. */
  verdict(history: History, earlier?: readonly EpochLogs[]): Verdict
}
