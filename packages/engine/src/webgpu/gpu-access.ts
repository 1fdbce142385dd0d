/* From options to a device: which adapter is taken, what is asked of it, and what is said when there is none. */
import { type DeviceInfo, GichoError, messageOf } from '@gicho/core'
import { adapterName, isSoftware } from './adapter.ts'
import { WANTED_FEATURES } from './shader-features.ts'

/** Which GPU is used. */
export interface GpuOptions {
  /** A device that is there already, tfjs' or the page's own: memory and kernels are shared with its owner, who also ends it. */
  readonly device?: GPUDevice
  /** An adapter of the caller's choice. */
  readonly adapter?: GPUAdapter
  /** `high-performance` unless said: of two GPUs the discrete one. */
  readonly powerPreference?: GPUPowerPreference
  /** True takes an adapter that computes on the CPU, which is slow and meant for tests. Unless said it is refused. */
  readonly allowSoftware?: boolean
}

/** Where WebGPU comes from: a browser's `navigator.gpu`, or Dawn in Node. */
export interface GpuPlatform {
  /** @throws GichoError `unavailable` saying what is missing */
  gpu(options: GpuOptions): Promise<GPU>
  /** What may be wrong where `gpu` has no adapter. */
  whyNoAdapter(): string
}

/** A device, and how it is given back. */
export interface OpenDevice {
  readonly device: GPUDevice
  readonly info: DeviceInfo
  release(): void
}

/** The adapter of the options. @throws GichoError `unavailable` without one, or when it is software and that isn't allowed */
export async function findAdapter(platform: GpuPlatform, options: GpuOptions): Promise<GPUAdapter> {
  if (options.adapter) return options.adapter
  const gpu = await platform.gpu(options)
  const adapter = await gpu
    .requestAdapter({ powerPreference: options.powerPreference ?? 'high-performance' })
    .catch((error: unknown) => {
      throw unavailable(
        `looking for a GPU failed (${messageOf(error)}). Update its driver, or use the wasm engine.`,
        error,
      )
    })
  if (!adapter)
    throw new GichoError('unavailable', `engine webgpu: no GPU adapter was found. ${platform.whyNoAdapter()}`)
  if (isSoftware(adapter) && options.allowSoftware !== true) {
    throw new GichoError(
      'unavailable',
      `engine webgpu: the only adapter is software (${adapterName(adapter)}), which is slower than the wasm engine. ` +
        'Install a GPU driver, or allow it with allowSoftware: true.',
    )
  }
  return adapter
}

/**
 * A device of the options' adapter with all the memory that it binds and the features that kernels use, and timestamps where it `profiles`.
 *
 * @throws GichoError `unavailable` without an adapter, or when it gives no device
 */
export async function openDevice(platform: GpuPlatform, options: GpuOptions, profiles: boolean): Promise<OpenDevice> {
  if (options.device) {
    const { device } = options
    return { device, info: infoOf(describe(device)), release: () => undefined }
  }
  const adapter = await findAdapter(platform, options)
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits
  const wanted: readonly GPUFeatureName[] = profiles ? [...WANTED_FEATURES, 'timestamp-query'] : WANTED_FEATURES
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature))
  const requiredLimits = { maxBufferSize, maxStorageBufferBindingSize }
  const device = await adapter.requestDevice({ requiredFeatures, requiredLimits }).catch((error: unknown) => {
    const what = `the GPU (${adapterName(adapter)}) can't be opened (${messageOf(error)})`
    throw unavailable(`${what}. Update its driver, or use the wasm engine.`, error)
  })
  return { device, info: infoOf(adapter), release: () => device.destroy() }
}

function unavailable(detail: string, cause: unknown): GichoError {
  return new GichoError('unavailable', `engine webgpu: ${detail}`, { cause })
}

/** A device says of its adapter what the adapter says of itself. */
function describe(device: GPUDevice): { info?: unknown } {
  return 'adapterInfo' in device ? { info: device.adapterInfo } : {}
}

function infoOf(adapter: { info?: unknown }): DeviceInfo {
  return { backend: 'webgpu', name: `${adapterName(adapter)}${isSoftware(adapter) ? ' (software)' : ''}`, threads: 1 }
}
