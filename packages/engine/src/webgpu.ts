import type { Engine } from '@gicho/core'
import { makeWebGpuEngine, type WebGpuEngineOptions } from './webgpu/engine.ts'
import { browserPlatform } from './webgpu/platform.ts'
import { type GpuReport, type GpuSearch, reportGpu } from './webgpu/report.ts'

export type { WebGpuEngineOptions } from './webgpu/engine.ts'
export type { GpuOptions } from './webgpu/gpu-access.ts'
export type { KernelTime, OnProfile } from './webgpu/profiler.ts'
export type { OnCompile } from './webgpu/programs.ts'
export type { GpuReport, GpuSearch } from './webgpu/report.ts'

/**
 * The compiled engine on a GPU: a tfjs-layers model becomes a fixed plan of WebGPU compute shaders, of which many steps are sent to
 * the device at once.
 *
 * @throws GichoError from `open`: `unavailable` without a GPU, `out-of-memory`, `engine-failed` when the device is lost
 */
export function webgpuEngine(options: WebGpuEngineOptions = {}): Engine {
  return makeWebGpuEngine(browserPlatform, options)
}

/** Whether this machine has a GPU for the engine, which one, and if not, why and what to do. Opens no device unless asked to. */
export function availableGpu(options: GpuSearch = {}): Promise<GpuReport> {
  return reportGpu(browserPlatform, options)
}
