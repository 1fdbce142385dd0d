import { isGichoError } from '@gicho/core'
import { adapterName, isSoftware } from './adapter.ts'
import { findAdapter, type GpuOptions, type GpuPlatform } from './gpu-access.ts'

/** Whether there is a GPU for `webgpuEngine`. */
export interface GpuReport {
  readonly available: boolean
  /** The adapter in words, where there is one. */
  readonly device?: string
  /** True when it computes on the CPU. */
  readonly software?: boolean
  /** Why there is none, and what to do. */
  readonly reason?: string
}

/** Looks for an adapter as `webgpuEngine` would with the same options; opens no device. */
export async function reportGpu(platform: GpuPlatform, options: GpuOptions): Promise<GpuReport> {
  try {
    const adapter = await findAdapter(platform, options)
    return { available: true, device: adapterName(adapter), software: isSoftware(adapter) }
  } catch (error) {
    if (!isGichoError(error, 'unavailable')) throw error
    return { available: false, reason: error.message.replace('engine webgpu: ', '') }
  }
}
