import type { EpochRecord, RunStart, StepOutput, StepProgress, Text } from '@gicho/core'
import type { Failure } from '../remote/messages.ts'

/** What the worker tells the page while it works. */
export type News =
  /** A step of a lesson is under way. */
  | { readonly kind: 'step'; readonly recipe: string; readonly step: string }
  /** A step is done. */
  | {
      readonly kind: 'output'
      readonly recipe: string
      readonly step: string
      readonly outputs: readonly StepOutput[]
      readonly milliseconds: number
      /** The prose of the steps that speak of the data and the settings, with those of this lesson. */
      readonly prose: Readonly<Record<string, Text>>
    }
  /** Data is on its way; `total` is missing where nobody knows it. */
  | { readonly kind: 'loading'; readonly file: string; readonly loaded: number; readonly total?: number }
  | { readonly kind: 'start'; readonly recipe: string; readonly run: RunStart; readonly number: number }
  /** A run has got its first files. */
  | { readonly kind: 'kept'; readonly recipe: string }
  | { readonly kind: 'progress'; readonly recipe: string; readonly progress: TrainingProgress }
  | { readonly kind: 'epoch'; readonly recipe: string; readonly record: EpochRecord }
  | { readonly kind: 'paused'; readonly recipe: string; readonly paused: boolean }
  /** Something went wrong that stops nothing. */
  | { readonly kind: 'warning'; readonly failure: Failure; readonly about: Trouble }

/** What can go wrong without an end to the work; the page has a sentence for each. */
type Trouble = 'storage' | 'data' | 'newDevice' | 'otherDevice' | 'checkpoint'

/** How far a training has come. */
export interface TrainingProgress extends StepProgress {
  readonly epoch: number
  readonly stepsPerEpoch: number
}
