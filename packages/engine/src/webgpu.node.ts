import type { Engine } from '@gicho/core'
import { makeWebGpuEngine, type WebGpuEngineOptions } from './webgpu/engine.ts'
import { nodePlatform } from './webgpu/platform.node.ts'

export type { WebGpuEngineOptions } from './webgpu/engine.ts'

/**
 * The compiled engine on a GPU: a tfjs-layers model becomes a fixed plan of WebGPU compute shaders, of which many steps are sent to
 * the device at once.
 *
 * @throws GichoError from `open`: `unavailable` without a GPU, `out-of-memory`, `engine-failed` when the device is lost
 */
export function webgpuEngine(options: WebGpuEngineOptions = {}): Engine {
  return makeWebGpuEngine(nodePlatform, options)
}
