import type { Environment, Screen } from './terminal/screen.ts'

/** What a command may touch of the process around it. */
export interface Io {
  readonly stdout: Screen
  readonly stderr: Screen
  readonly env: Environment
  /** Writes one JSON object as a line on standard output. */
  event(event: Readonly<Record<string, unknown>> & { readonly event: string }): void
  /** Resolves when everything written so far has left the process. */
  drained(): Promise<unknown>
}
