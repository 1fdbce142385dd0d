import { type DeviceInfo, GichoError } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { checkWasm } from '../session/needs-wasm.ts'
import { type AdapterLike, adapterName, isSoftware, requestAdapter } from '../webgpu/adapter.ts'
import {
  type BackendDriver,
  type BackendDrivers,
  initialise,
  isUp,
  loadOptional,
  type StartOptions,
} from './backend.ts'
import { isRecord } from './record.ts'

/** `cpu`: plain JavaScript. Every kernel is there, none is fast. */
export const cpuDriver: BackendDriver = {
  async start() {
    await loadOptional('cpu', '@tensorflow/tfjs-backend-cpu', () => import('@tensorflow/tfjs-backend-cpu'))
    await initialise('cpu', 'Check the versions of @tensorflow/tfjs-core and @tensorflow/tfjs-backend-cpu.')
    return { backend: 'cpu', name: 'CPU, plain JavaScript', threads: 1 }
  },
}

/** `wasm`: WebAssembly, with SIMD and threads where the environment has them. */
export async function startWasm({ wasmPath }: StartOptions): Promise<DeviceInfo> {
  checkWasm('backend wasm')
  const name = '@tensorflow/tfjs-backend-wasm'
  const wasm = await loadOptional('wasm', name, () => import('@tensorflow/tfjs-backend-wasm'))
  if (wasmPath !== undefined && !isUp('wasm')) wasm.setWasmPaths(wasmPath)
  await initialise(
    'wasm',
    "Serve the three .wasm files of @tensorflow/tfjs-backend-wasm/dist and pass their folder's URL as wasmPath.",
  )
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')
  const threads = Math.max(1, wasm.getThreadsCount())
  return { backend: 'wasm', name: `CPU, WebAssembly${simd ? ' with SIMD' : ''}`, threads }
}

/** tfjs' GPU backends whose device is gone: they never take another. */
const lostBackends = new WeakSet<object>()

/** `webgpu`: a GPU by way of `navigator.gpu`, which tfjs' backend reads while it is imported. */
export async function startWebGpu({ acceptSoftware }: StartOptions): Promise<DeviceInfo> {
  if (isUp('webgpu') && lostBackends.has(tf.findBackend('webgpu'))) {
    throw new GichoError(
      'unavailable',
      "backend webgpu: its device was lost, and tfjs doesn't open another. Reload the page, or use backend wasm.",
    )
  }
  const adapter = await requestAdapter()
  if (!acceptSoftware && isSoftware(adapter)) throw noRealGpu(adapter)
  const name = '@tensorflow/tfjs-backend-webgpu'
  await loadOptional('webgpu', name, () => import('@tensorflow/tfjs-backend-webgpu'))
  if (!tf.findBackendFactory('webgpu')) {
    throw new GichoError(
      'unavailable',
      'backend webgpu: tfjs looked for navigator.gpu before it was there. ' +
        'Start this engine before @tensorflow/tfjs-backend-webgpu is imported elsewhere.',
    )
  }
  await initialise('webgpu', 'Update the graphics driver, or use backend wasm.')
  watchDevice(tf.findBackend('webgpu'))
  return { backend: 'webgpu', name: adapterName(adapter), threads: 1 }
}

function watchDevice(backend: object): void {
  const device: unknown = Reflect.get(backend, 'device')
  if (isRecord(device) && device.lost instanceof Promise) void device.lost.then(() => lostBackends.add(backend))
}

function noRealGpu(adapter: AdapterLike): GichoError {
  return new GichoError(
    'unavailable',
    `backend webgpu: the only adapter is software (${adapterName(adapter)}). Install a GPU driver, or name webgpu to use it.`,
  )
}

/** The backends of a browser. */
export const browserDrivers: BackendDrivers = {
  cpu: cpuDriver,
  wasm: { start: startWasm },
  webgpu: { start: startWebGpu },
  tensorflow: {
    async start() {
      throw new GichoError('unavailable', 'backend tensorflow: it runs in Node only. Use webgpu or wasm in a browser.')
    },
  },
}
