import type { ErrorCode } from '@gicho/core'

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
}

/** A call's answer, or news that nobody asked for. */
export type WorkerMessage =
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly failure: Failure }
  | { readonly news: unknown }
