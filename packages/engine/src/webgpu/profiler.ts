import { GichoError } from '@gicho/core'
import type { DeviceWatch } from './device-watch.ts'

/** Timestamps that WebGPU lets one query set have. */
const MOST_QUERIES = 4096

/** What one kind of dispatch took, on the device's own clock. */
export interface KernelTime {
  /** What it does, in a few words: "product conv2d_1". */
  readonly name: string
  readonly calls: number
  readonly milliseconds: number
}

/** Told at the end of each `train` call: the times of its dispatches, the longest first. */
export type OnProfile = (times: readonly KernelTime[]) => void

/** The timestamps of one run. */
export interface RunTimes {
  /** For the pass of the run's `index`th dispatch; undefined behind the last that there is room for. */
  writes(index: number): GPUComputePassTimestampWrites | undefined
  /** Copies the timestamps where `collect` finds them: the last command of the run. */
  resolve(encoder: GPUCommandEncoder): void
  /** Adds the times of the dispatches of these names; here the host waits. */
  collect(names: readonly string[]): Promise<void>
}

/** Adds up what dispatches take, by name. */
export class Profiler {
  readonly #device: GPUDevice
  readonly #watch: DeviceWatch
  readonly #times = new Map<string, { calls: number; milliseconds: number }>()

  /** @throws GichoError `unavailable` for a device that was made without timestamps */
  constructor(device: GPUDevice, watch: DeviceWatch) {
    if (!device.features.has('timestamp-query')) {
      throw new GichoError(
        'unavailable',
        'engine webgpu: this device has no timestamps to profile with. Let the engine open the device, or make it with timestamp-query.',
      )
    }
    this.#device = device
    this.#watch = watch
  }

  /** What was added up since the last call, the longest first. */
  take(): KernelTime[] {
    const times = [...this.#times].map(([name, time]) => ({ name, ...time }))
    this.#times.clear()
    return times.sort((a, b) => b.milliseconds - a.milliseconds)
  }

  /** Makes room for the timestamps of a run of so many dispatches. */
  start(dispatches: number): RunTimes {
    const count = Math.min(2 * dispatches, MOST_QUERIES)
    const querySet = this.#device.createQuerySet({ type: 'timestamp', count })
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage
    const resolved = this.#device.createBuffer({ size: count * 8, usage: QUERY_RESOLVE | COPY_SRC })
    const staging = this.#device.createBuffer({ size: count * 8, usage: MAP_READ | COPY_DST })
    return {
      writes: (index) =>
        2 * index + 1 < count
          ? { querySet, beginningOfPassWriteIndex: 2 * index, endOfPassWriteIndex: 2 * index + 1 }
          : undefined,
      resolve: (encoder) => {
        encoder.resolveQuerySet(querySet, 0, count, resolved, 0)
        encoder.copyBufferToBuffer(resolved, 0, staging, 0, count * 8)
      },
      collect: async (names) => {
        await this.#watch.wait(staging.mapAsync(GPUMapMode.READ))
        const stamps = new BigUint64Array(staging.getMappedRange())
        names.slice(0, count / 2).forEach((name, i) => {
          this.#add(name, Number((stamps[2 * i + 1] ?? 0n) - (stamps[2 * i] ?? 0n)) / 1e6)
        })
        for (const thing of [querySet, resolved, staging]) thing.destroy()
      },
    }
  }

  #add(name: string, milliseconds: number): void {
    const time = this.#times.get(name) ?? { calls: 0, milliseconds: 0 }
    this.#times.set(name, { calls: time.calls + 1, milliseconds: time.milliseconds + milliseconds })
  }
}
