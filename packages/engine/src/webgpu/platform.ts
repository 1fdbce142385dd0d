import { GichoError } from '@gicho/core'
import type { GpuPlatform } from './gpu-access.ts'

/** The WebGPU of this page or worker, where it has one. */
export function pageGpu(): GPU | undefined {
  const gpu: unknown = 'navigator' in globalThis ? Reflect.get(globalThis.navigator, 'gpu') : undefined
  return isGpu(gpu) ? gpu : undefined
}

function isGpu(value: unknown): value is GPU {
  return typeof value === 'object' && value !== null && 'requestAdapter' in value
}

/** A browser. */
export const browserPlatform: GpuPlatform = {
  async gpu() {
    const gpu = pageGpu()
    if (gpu) return gpu
    throw new GichoError(
      'unavailable',
      'engine webgpu: this environment has no navigator.gpu. Use a browser with WebGPU on a https or localhost page.',
    )
  },
  whyNoAdapter: () => "Look at chrome://gpu, or your browser's page about graphics; the wasm engine needs no GPU.",
}
