import { checkOptionNames, type Engine } from '@gicho/core'
import { checkJob } from '../session/check-fit.ts'
import { compileForGpu, findGpuIssues } from './compile.ts'
import { type GpuOptions, type GpuPlatform, openDevice } from './gpu-access.ts'
import type { OnProfile } from './profiler.ts'
import type { OnCompile } from './programs.ts'
import { type TensorStorage, WebGpuSession } from './session.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof WebGpuEngineOptions, true>> = {
  device: true,
  adapter: true,
  powerPreference: true,
  allowSoftware: true,
  onCompile: true,
  onProfile: true,
  storage: true,
}

/** Options of `webgpuEngine`. */
export interface WebGpuEngineOptions extends GpuOptions {
  /** Told while a plan's shaders are compiled: how many of how many are done. */
  readonly onCompile?: OnCompile
  /** Times every dispatch, which makes steps slower, and is told what a `train` call took of the device. */
  readonly onProfile?: OnProfile
  /**
   * How activations and their gradients lie in memory while it trains: `float32`, Keras' numbers, unless said. `float16` rounds them
   * to 11 bits (and to 65,504 at most) and halves what they take of memory and bandwidth: for larger batches, and for GPUs that
   * share the CPU's memory. Weights, sums and all arithmetic stay float32, and so do evaluation and prediction. Works on every GPU.
   */
  readonly storage?: TensorStorage
}

/** The compiled engine on a GPU. */
export function makeWebGpuEngine(platform: GpuPlatform, options: WebGpuEngineOptions): Engine {
  checkOptionNames('webgpuEngine', options, NAMES)
  return {
    name: 'webgpu',
    supports: findGpuIssues,
    async open(job, data) {
      checkJob(job)
      const graph = compileForGpu(job)
      const opened = await openDevice(platform, options, options.onProfile !== undefined)
      try {
        const { onCompile, onProfile, storage } = options
        return await WebGpuSession.open({ ...opened, onCompile, onProfile, storage }, job, graph, data)
      } catch (error) {
        opened.release()
        throw error
      }
    },
  }
}
