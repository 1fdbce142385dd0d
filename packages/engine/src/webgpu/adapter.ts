import { GichoError } from '@gicho/core'

/** What is looked at of a `GPUAdapter`. */
export interface AdapterLike {
  readonly info?: unknown
  readonly isFallbackAdapter?: unknown
}

interface GpuLike {
  requestAdapter(options?: { powerPreference?: 'high-performance' }): Promise<AdapterLike | null>
}

/** The adapter that tfjs will take. @throws GichoError `unavailable` without WebGPU or without an adapter */
export async function requestAdapter(): Promise<AdapterLike> {
  const gpu: unknown = 'navigator' in globalThis ? Reflect.get(globalThis.navigator, 'gpu') : undefined
  if (!isGpu(gpu)) {
    throw new GichoError(
      'unavailable',
      'backend webgpu: this environment has no navigator.gpu. ' +
        'Use a browser with WebGPU on a https or localhost page; in Node, npm install webgpu.',
    )
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter) return adapter
  throw new GichoError('unavailable', 'backend webgpu: no GPU adapter was found. Install a driver (Vulkan on Linux).')
}

function isGpu(value: unknown): value is GpuLike {
  return typeof value === 'object' && value !== null && 'requestAdapter' in value
}

/** An adapter in words: "NVIDIA H100", or what its vendor says of it. */
export function adapterName(adapter: AdapterLike): string {
  const { description, device, vendor, architecture } = infoOf(adapter)
  const words = [vendor, architecture].filter((word) => word !== '')
  return description || device || words.join(' ') || 'GPU'
}

/** True for an adapter that runs on the CPU: SwiftShader, llvmpipe, WARP. */
export function isSoftware(adapter: AdapterLike): boolean {
  const { info } = adapter
  const says = typeof info === 'object' && info !== null && Reflect.get(info, 'isFallbackAdapter') === true
  if (adapter.isFallbackAdapter === true || says) return true
  const words = Object.values(infoOf(adapter)).join(' ')
  return /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i.test(words)
}

/** GPUAdapterInfo has getters on its prototype, so its fields are read by name. */
function infoOf({ info }: AdapterLike): Record<'vendor' | 'architecture' | 'device' | 'description', string> {
  const text = (key: string): string => {
    const value: unknown = typeof info === 'object' && info !== null ? Reflect.get(info, key) : undefined
    return typeof value === 'string' ? value : ''
  }
  return {
    vendor: text('vendor'),
    architecture: text('architecture'),
    device: text('device'),
    description: text('description'),
  }
}
