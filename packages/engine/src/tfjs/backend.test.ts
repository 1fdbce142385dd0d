import '@tensorflow/tfjs-backend-cpu'
import { type DeviceInfo, GichoError, restoreRemovedUtilities } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, expect, test, vi } from 'vitest'
import { adapterName, isSoftware, requestAdapter } from '../webgpu/adapter.ts'
import {
  type BackendDrivers,
  type BackendName,
  initialise,
  loadOptional,
  reportBackends,
  startBackend,
} from './backend.ts'
import { startTensorflow } from './drivers.node.ts'
import { browserDrivers } from './drivers.ts'

/** Drivers of a machine that has the named backends. */
function machine(...present: BackendName[]): BackendDrivers {
  const driver = (backend: BackendName) => ({
    async start(): Promise<DeviceInfo> {
      if (present.includes(backend)) return { backend, name: `the ${backend}`, threads: 1 }
      throw new GichoError('unavailable', `no ${backend} here`)
    },
  })
  return { cpu: driver('cpu'), wasm: driver('wasm'), webgpu: driver('webgpu'), tensorflow: driver('tensorflow') }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

test('auto takes the fastest that is there', async () => {
  expect((await startBackend(machine('cpu', 'wasm', 'webgpu', 'tensorflow'), 'auto')).device.backend).toBe('webgpu')
  expect((await startBackend(machine('cpu', 'wasm', 'tensorflow'), 'auto')).device.backend).toBe('tensorflow')
  expect((await startBackend(machine('cpu', 'wasm'), 'auto')).device.backend).toBe('wasm')
  expect((await startBackend(machine('cpu'), 'auto')).device.backend).toBe('cpu')
})

test('with no backend at all every reason is told', async () => {
  await expect(startBackend(machine(), 'auto')).rejects.toThrow(
    'no tfjs backend could be started:\nno webgpu here\nno tensorflow here\nno wasm here\nno cpu here',
  )
})

test('a backend that was named is not replaced by another', async () => {
  await expect(startBackend(machine('cpu'), 'webgpu')).rejects.toThrow('no webgpu here')
})

test('reports devices and reasons', async () => {
  expect(await reportBackends(machine('cpu'))).toContainEqual({ backend: 'cpu', available: true, device: 'the cpu' })
  expect(await reportBackends(machine())).toContainEqual({
    backend: 'wasm',
    available: false,
    device: '',
    reason: 'no wasm here',
  })
})

test('a missing package is named with the line that installs it', async () => {
  const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
  await expect(loadOptional('wasm', 'some-package', () => Promise.reject(missing))).rejects.toThrow(
    'backend wasm: some-package is not installed. Install it with: npm install some-package',
  )
  await expect(loadOptional('wasm', 'some-package', () => Promise.reject(new Error('bad\nstack')))).rejects.toThrow(
    'some-package could not be loaded (bad). Install',
  )
})

test('auto passes over a TensorFlow without a GPU, which is taken by its name', async () => {
  vi.stubGlobal('fakeTensorflowHasGpu', false)
  const cpuAlone = new URL('../../test/fake-tensorflow.mjs?no-gpu', import.meta.url).href
  await expect(startTensorflow([cpuAlone], false)).rejects.toThrow('no-gpu sees no GPU. Set it up with')
  expect(await startTensorflow([cpuAlone])).toMatchObject({ backend: 'tensorflow' })
  tf.removeBackend('tensorflow')
})

test('a package that knows its device is asked: its card and version are told', async () => {
  const path = new URL('../../test/fake-tensorflow.mjs?with a device', import.meta.url).href
  vi.stubGlobal('fakeTensorflowDevice', { type: 'GPU', name: 'NVIDIA H100', tensorflow: '2.21.0' })
  const device = await startTensorflow([path])
  expect(device.name).toBe('GPU, NVIDIA H100, TensorFlow 2.21.0')
  tf.removeBackend('tensorflow')
})

test('tensorflow names its packages when none is installed', async () => {
  await expect(startTensorflow(['@tensorflow/not-there', 'nor-this'])).rejects.toThrow(
    /@tensorflow\/not-there is not installed; nor-this is not installed\. Set it up with: npx --no gicho-tensorflow setup/,
  )
})

test.each([
  ['its GPU', 'GPU, libtensorflow'],
  ['no GPU', /^(?!GPU).*, libtensorflow$/], // the CPU's own name
])('tensorflow says that it runs on %s, and the program keeps its backend', async (kind, device) => {
  vi.stubGlobal('fakeTensorflowHasGpu', kind === 'its GPU')
  await tf.setBackend('cpu')
  const found = await startTensorflow([
    'nor-this',
    new URL(`../../test/fake-tensorflow.mjs?${kind}`, import.meta.url).href,
  ])
  expect(found).toMatchObject({ backend: 'tensorflow', name: expect.stringMatching(device) })
  expect(tf.getBackend()).toBe('cpu')
  tf.removeBackend('tensorflow')
})

test('of backends those that are asked for are reported, and started as auto would where software is none', async () => {
  const asked: unknown[] = []
  const drivers: BackendDrivers = {
    ...machine('cpu'),
    webgpu: {
      async start(options) {
        asked.push(options)
        return { backend: 'webgpu', name: 'GPU', threads: 1 }
      },
    },
  }
  const backends = ['cpu', 'webgpu'] as const
  const reports = await reportBackends(drivers, { backends, acceptSoftware: false })
  expect(reports.map(({ backend }) => backend)).toEqual(['webgpu', 'cpu'])
  await reportBackends(drivers, { backends })
  expect(asked).toEqual([{ acceptSoftware: false }, { acceptSoftware: true }])
})

test('a browser has no tensorflow, and without navigator.gpu no webgpu', async () => {
  await expect(browserDrivers.tensorflow.start({ acceptSoftware: true })).rejects.toThrow('runs in Node only')
  await expect(requestAdapter()).rejects.toMatchObject({ code: 'unavailable' })
})

test('tells software adapters from real ones, and names both', () => {
  const real = { info: { vendor: 'nvidia', architecture: 'hopper', device: '', description: '' } }
  const soft = { info: { vendor: 'google', architecture: 'swiftshader', description: 'SwiftShader driver 5.0.0' } }
  expect([isSoftware(real), isSoftware(soft), isSoftware({ isFallbackAdapter: true })]).toEqual([false, true, true])
  expect([adapterName(real), adapterName(soft), adapterName({})]).toEqual([
    'nvidia hopper',
    'SwiftShader driver 5.0.0',
    'GPU',
  ])
})

test('util has its removed functions back', async () => {
  restoreRemovedUtilities()
  const { createRequire } = await import('node:module')
  const util: { isNullOrUndefined(value: unknown): boolean } = createRequire(import.meta.url)('node:util')
  expect([undefined, null, 0].map((value) => util.isNullOrUndefined(value))).toEqual([true, true, false])
})

test('a backend that does not come up is unavailable, and the program keeps its own', async () => {
  await tf.setBackend('cpu')
  tf.registerBackend('tensorflow', () => {
    throw new Error('no library')
  })
  await expect(initialise('tensorflow', 'Reinstall it.')).rejects.toThrow(
    'backend tensorflow: it could not be initialised. Reinstall it.',
  )
  expect(tf.getBackend()).toBe('cpu')
  tf.removeBackend('tensorflow')
})
