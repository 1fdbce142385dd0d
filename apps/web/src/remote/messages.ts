import type { ErrorCode } from '@gicho/core'
import type { Sentence } from './named-error.ts'

/** A call of one of the worker's methods. */
export interface CallMessage {
  readonly call: number
  readonly method: string
  readonly values: readonly unknown[]
}

/** What went wrong in the worker, as data. */
export interface Failure {
  readonly message: string
  /** Of a GichoError. */
  readonly code?: ErrorCode
  /** The page's own sentence for it. */
  readonly sentence?: Sentence
  /** True where code couldn't be loaded: a worker that failed to import a file once never tries again. */
  readonly lacksCode?: boolean
}

/** A call's answer, or news that nobody asked for. */
export type WorkerMessage =
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly failure: Failure }
  | { readonly news: unknown }
