import { GichoError } from '@gicho/core'
import { child, isRecord, text } from './record.ts'

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
  const info = infoOf(adapter)
  const words = [text(info, 'vendor'), text(info, 'architecture')].filter((word) => word !== '')
  return text(info, 'description') || text(info, 'device') || words.join(' ') || 'GPU'
}

/** True for an adapter that runs on the CPU: SwiftShader, llvmpipe, WARP. */
export function isSoftware(adapter: AdapterLike): boolean {
  const info = infoOf(adapter)
  if (adapter.isFallbackAdapter === true || info.isFallbackAdapter === true) return true
  const words = ['vendor', 'architecture', 'device', 'description'].map((key) => text(info, key)).join(' ')
  return /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i.test(words)
}

/** GPUAdapterInfo has getters on its prototype, so its fields are read by name. */
function infoOf(adapter: AdapterLike): Record<string, unknown> {
  const { info } = adapter
  if (!isRecord(info)) return child({}, 'info')
  const keys = ['vendor', 'architecture', 'device', 'description', 'isFallbackAdapter']
  return Object.fromEntries(keys.map((key) => [key, info[key]]))
}
