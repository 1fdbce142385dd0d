import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import type { DeviceInfo } from '@gicho/core'
import { GichoError, isGichoError } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { type BackendDrivers, initialise, loadOptional, type StartOptions, whyNotLoaded } from './backend.ts'
import { cpuDriver, startWasm, startWebGpu } from './drivers.ts'
import { isRecord } from './record.ts'
import { restoreRemovedUtilities } from './removed-utilities.node.ts'

const require = createRequire(import.meta.url)

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
  tensorflow: { start: () => startTensorflow(['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']) },
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
 * Loads tfjs-node-gpu or tfjs-node, whichever comes first, and says which device really runs. Both make themselves the program's
 * backend as they are loaded; the one that was there before is put back.
 *
 * @throws GichoError `unavailable` when none is installed, or it registers with another copy of tfjs-core
 */
export async function startTensorflow(packages: readonly string[]): Promise<DeviceInfo> {
  const reasons: string[] = []
  for (const name of packages) {
    const previous = tf.getBackend()
    try {
      restoreRemovedUtilities()
      await import(name)
      if (previous) await tf.setBackend(previous)
      if (!tf.findBackendFactory('tensorflow')) {
        throw new GichoError('unavailable', `${name} came with another copy of @tensorflow/tfjs-core. Run npm dedupe.`)
      }
      await initialise('tensorflow', 'Reinstall it with: npm rebuild')
      return tensorflowDevice(tf.findBackend('tensorflow'))
    } catch (error) {
      reasons.push(isGichoError(error) ? error.message : `${name} ${whyNotLoaded(error)}`)
    }
  }
  throw new GichoError(
    'unavailable',
    `backend tensorflow: ${reasons.join('; ')}. ${howToInstallTensorflow(process.versions.node)}`,
  )
}

/** Its makers follow Node no further than 22. @param node a version of Node */
export function howToInstallTensorflow(node: string): string {
  return Number.parseInt(node, 10) > 22
    ? `Its installer is made for Node 22 and older, and this is Node ${node}. The wasm engine needs nothing, and trains faster.`
    : 'Install it with: npm install @tensorflow/tfjs-node (or @tensorflow/tfjs-node-gpu, which needs CUDA 11.2 and cuDNN 8.1); ' +
        'its installer downloads TensorFlow from storage.googleapis.com.'
}

/** tfjs-node-gpu falls back to the CPU in silence when its CUDA is missing: ask the backend itself. */
function tensorflowDevice(backend: unknown): DeviceInfo {
  const onGpu = isRecord(backend) && backend.isUsingGpuDevice === true
  if (onGpu) return { backend: 'tensorflow', name: 'GPU, libtensorflow', threads: 1 }
  return onThisCpu({ backend: 'tensorflow', name: 'CPU, libtensorflow', threads: cpus().length })
}
