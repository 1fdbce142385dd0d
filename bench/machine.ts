import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

/** The machine, for the record. */
export interface MachineReport {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly platform: string
  readonly node: string
  readonly v8: string
}

/** What stands still while we measure. */
export function describeMachine(): MachineReport {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
  }
}

/** Processes that want to run, the mean of the last minute. */
export function load(): number {
  return loadavg()[0] ?? Number.NaN
}
