import { isGichoError } from '@gicho/core'
import { adapterName, isSoftware } from './adapter.ts'
import { findAdapter, type GpuOptions, type GpuPlatform, openDevice } from './gpu-access.ts'

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

/** What is looked for, and how closely. */
export interface GpuSearch extends GpuOptions {
  /** True opens a device too, and gives it back: a driver doesn't keep all that an adapter promises. False unless said. */
  readonly opens?: boolean
}

/** Looks for an adapter as `webgpuEngine` would with the same options. */
export async function reportGpu(platform: GpuPlatform, { opens = false, ...options }: GpuSearch): Promise<GpuReport> {
  try {
    const adapter = await findAdapter(platform, options)
    if (opens) (await openDevice(platform, { ...options, adapter }, false)).release()
    return { available: true, device: adapterName(adapter), software: isSoftware(adapter) }
  } catch (error) {
    if (!isGichoError(error, 'unavailable')) throw error
    return { available: false, reason: error.message.replace('engine webgpu: ', '') }
  }
}
