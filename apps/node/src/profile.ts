import type { KernelTime } from '@gicho/engine/webgpu'
import type { Io } from './io.ts'
import { bold, writeLine } from './terminal/screen.ts'
import { tableLines } from './terminal/table.ts'

/** What a run's training took on the GPU, by kernel. */
export class Profile {
  readonly #times = new Map<string, { calls: number; milliseconds: number }>()

  /** Takes the times of one call in. */
  add(times: readonly KernelTime[]): void {
    for (const { name, calls, milliseconds } of times) {
      const before = this.#times.get(name) ?? { calls: 0, milliseconds: 0 }
      this.#times.set(name, { calls: before.calls + calls, milliseconds: before.milliseconds + milliseconds })
    }
  }

  /** Prints them, the longest first; with `--json` as an event. */
  write(io: Io, json: boolean): void {
    const kernels = [...this.#times]
      .map(([name, time]) => ({ name, ...time }))
      .sort((a, b) => b.milliseconds - a.milliseconds)
    if (json) {
      io.event({ event: 'profile', kernels })
      return
    }
    const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
    const rows = kernels.map(({ name, calls, milliseconds }) => [
      name,
      String(calls),
      milliseconds.toFixed(1),
      (milliseconds / calls).toFixed(4),
      `${((100 * milliseconds) / total).toFixed(1)}%`,
    ])
    writeLine(io.stdout)
    writeLine(io.stdout, bold(io.stdout, 'Milliseconds of the GPU, by kernel'))
    for (const line of tableLines(io.stdout, ['kernel', 'calls', 'ms', 'ms a call', 'share'], rows))
      writeLine(io.stdout, line)
  }
}
