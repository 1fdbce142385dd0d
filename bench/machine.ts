import { spawnSync } from 'node:child_process'
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

/** NVIDIA's card and driver as its own tool names them; undefined where there is no such tool. */
export function describeCard(): string | undefined {
  const query = ['--query-gpu=name,driver_version', '--format=csv,noheader']
  const { status, stdout } = spawnSync('nvidia-smi', query, { encoding: 'utf8' })
  const [first] = status === 0 ? stdout.trim().split('\n') : []
  return first === undefined || first === '' ? undefined : first.replace(', ', ', driver ')
}

/** Processes that want to run, the mean of the last minute. */
export function load(): number {
  return loadavg()[0] ?? Number.NaN
}
