import type { LessonName } from './work.ts'

/** What a peer is asked; see peers/serve.ts. */
export type PeerRequest =
  | { readonly do: 'open'; readonly folder: string; readonly lesson: LessonName; readonly batchSize: number }
  /** Tries the forms that the peer has and keeps the fastest. */
  | { readonly do: 'tune' }
  | { readonly do: 'compare'; readonly steps: number; readonly learningRate: number }
  | { readonly do: 'run'; readonly warm: number; readonly steps: number }
  | { readonly do: 'memory' }
  | { readonly do: 'close' }

/** Answer to `open`: `seconds` from nothing (libraries loaded) to the end of the first step. */
export interface OpenReport {
  readonly version: string
  readonly threads: number
  readonly seconds: number
  /** Where it computes less or otherwise than the lesson. */
  readonly notes: readonly string[]
}

/** Answer to `tune`: the form that was kept, and what each took in milliseconds a step. */
export interface TuneReport {
  readonly form?: string
  readonly tried?: Readonly<Record<string, number>>
}

/** Answer to `memory`: of the peer's process, and what its engine says it holds. */
export interface MemoryReport {
  readonly rssBytes: number
  readonly engineBytes: number | null
}

/** Answer to `compare`. */
export interface CompareReport {
  readonly losses: readonly number[]
}

/** Answer to `run`: milliseconds of all the steps after the warm ones, and their mean loss. */
export interface RunReport {
  readonly ms: number
  readonly loss: number
}
