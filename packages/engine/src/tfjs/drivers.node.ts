import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import type { DeviceInfo } from '@gicho/core'
import { GichoError, isGichoError, restoreRemovedUtilities } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { type BackendDrivers, initialise, loadOptional, type StartOptions, whyNotLoaded } from './backend.ts'
import { cpuDriver, startWasm, startWebGpu } from './drivers.ts'
import { isRecord } from './record.ts'

const require = createRequire(import.meta.url)

/** Who brings TensorFlow, the newest first. */
const TENSORFLOW_PACKAGES = ['@gicho/tensorflow', '@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

/** The backends of Node. */
export const nodeDrivers: BackendDrivers = {
  cpu: {
    async start(options) {
      return onThisCpu(await cpuDriver.start(options))
    },
  },
  wasm: {
    start: async (options) => onThisCpu(await startWasm({ ...options, wasmPath: options.wasmPath ?? wasmFolder() })),
  },
  webgpu: { start: startDawn },
  tensorflow: { start: ({ acceptCpuTensorflow }) => startTensorflow(TENSORFLOW_PACKAGES, acceptCpuTensorflow) },
}

/** "CPU, …" with the processor's own name in its place. */
function onThisCpu(device: DeviceInfo): DeviceInfo {
  const model = cpus()[0]?.model.trim()
  return model ? { ...device, name: device.name.replace(/^CPU/, model) } : device
}

/** The installed package's folder with the .wasm files; tfjs would look beside the running script. */
function wasmFolder(): string {
  const name = '@tensorflow/tfjs-backend-wasm'
  try {
    return `${join(dirname(require.resolve(`${name}/package.json`)), 'dist')}/`
  } catch (error) {
    throw new GichoError(
      'unavailable',
      `backend wasm: the package ${name} could not be found. Install it with: npm install ${name}`,
      { cause: error },
    )
  }
}

/** What Linux shows when it drives a GPU: Mesa's and NVIDIA's device files, and WSL's. */
const GPU_FILES = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg']

/** Puts Dawn's WebGPU where a browser has its own, then goes on as in a browser. */
async function startDawn(options: StartOptions): Promise<DeviceInfo> {
  if (!options.acceptSoftware && process.platform === 'linux' && !GPU_FILES.some((file) => existsSync(file))) {
    // Asked first: Dawn would print a warning about its Vulkan loader.
    throw new GichoError(
      'unavailable',
      `backend webgpu: this machine has no GPU (none of ${GPU_FILES.join(', ')}). Install its driver, or name webgpu to try.`,
    )
  }
  if (!('navigator' in globalThis)) {
    // Node 20 has none; tfjs reads the user agent.
    Object.defineProperty(globalThis, 'navigator', {
      value: { userAgent: `Node.js/${process.versions.node}` },
      configurable: true,
    })
  }
  if (!Reflect.get(globalThis.navigator, 'gpu')) {
    const { create, globals } = await loadOptional('webgpu', 'webgpu', () => import('webgpu'))
    for (const [name, value] of Object.entries(globals)) {
      if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
    }
    Object.defineProperty(globalThis.navigator, 'gpu', { value: create([]), configurable: true, writable: true })
  }
  return startWebGpu(options)
}

/**
 * Loads @gicho/tensorflow, tfjs-node-gpu or tfjs-node, whichever comes first, and says which device really runs. Each makes
 * itself the program's backend as it is loaded; the one that was there before is put back.
 *
 * @throws GichoError `unavailable` when none is installed, it registers with another copy of tfjs-core, or it runs on the CPU
 *   and only a GPU is wanted
 */
export async function startTensorflow(packages: readonly string[], acceptCpu = true): Promise<DeviceInfo> {
  const reasons: string[] = []
  for (const name of packages) {
    const previous = tf.getBackend()
    try {
      restoreRemovedUtilities()
      const module: unknown = await import(name)
      if (previous) await tf.setBackend(previous)
      if (!tf.findBackendFactory('tensorflow')) {
        throw new GichoError('unavailable', `${name} came with another copy of @tensorflow/tfjs-core. Run npm dedupe.`)
      }
      await initialise('tensorflow', 'Reinstall it with: npm rebuild')
      const device = tensorflowDevice(module, tf.findBackend('tensorflow'))
      if (acceptCpu || device.name.startsWith('GPU')) return device
      reasons.push(`${name} sees no GPU`)
    } catch (error) {
      reasons.push(isGichoError(error) ? withoutBackend(error.message) : `${name} ${whyNotLoaded(error)}`)
    }
  }
  const once = [...new Set(reasons)].join('; ')
  throw new GichoError('unavailable', `backend tensorflow: ${once}. Set it up with: npx --no gicho-tensorflow setup`)
}

function withoutBackend(message: string): string {
  return message.replace(/^backend tensorflow: /, '').replace(/\.$/, '')
}

/** tfjs-node-gpu falls back to the CPU in silence when its CUDA is missing: ask the package, or the backend itself. */
function tensorflowDevice(module: unknown, backend: unknown): DeviceInfo {
  const asked: unknown = isRecord(module) && module.device instanceof Function ? module.device() : undefined
  const version =
    isRecord(asked) && typeof asked.tensorflow === 'string' ? `TensorFlow ${asked.tensorflow}` : 'libtensorflow'
  const onGpu = isRecord(asked) ? asked.type === 'GPU' : isRecord(backend) && backend.isUsingGpuDevice === true
  const card = isRecord(asked) && typeof asked.name === 'string' ? `GPU, ${asked.name}` : 'GPU'
  if (onGpu) return { backend: 'tensorflow', name: `${card}, ${version}`, threads: 1 }
  return onThisCpu({ backend: 'tensorflow', name: `CPU, ${version}`, threads: cpus().length })
}
