/* How a device is found and what is said without one; what happens when it is lost; two sessions on one. */
import { existsSync } from 'node:fs'
import { revivingEngine } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test, vi } from 'vitest'
import { wasmEngine } from '../dist/wasm.node.js'
import { assignWeights, readModel } from '../src/tfjs/weights.ts'
import { nodePlatform, whyNoAdapter } from '../src/webgpu/platform.node.ts'
import { reportGpu } from '../src/webgpu/report.ts'
import { type KernelTime, webgpuEngine } from '../src/webgpu.node.ts'
import { distance, jobFor, noise, rows, smallModel, smallSpec } from './samples.ts'
import { softwareDevice, softwareGpu } from './software-webgpu.ts'
import { watchedDevice } from './watched-device.ts'

vi.setConfig({ testTimeout: 60_000 })

const train = noise(40)
const request = { order: rows(40), firstStep: 0, learningRate: 1e-2 }

async function softwareAdapter(): Promise<GPUAdapter> {
  const adapter = await (await softwareGpu()).requestAdapter()
  if (!adapter) throw new Error('no software adapter')
  return adapter
}

test('a software adapter is taken when it is named, and called one', async () => {
  const session = await webgpuEngine({ adapter: await softwareAdapter() }).open(jobFor(await smallSpec()), { train })
  expect(session.device).toMatchObject({ backend: 'webgpu', threads: 1 })
  expect(session.device.name).toMatch(/swiftshader.* \(software\)$/i)
  expect((await session.train(request)).steps).toBe(3)
  await session.dispose()
})

test('an adapter that gives no device, and a driver that fails while it is asked, are sentences', async () => {
  const adapter = await softwareAdapter()
  const refusing = new Proxy(adapter, {
    get: (real, name) =>
      name === 'requestDevice' ? () => Promise.reject(new Error('limits are too high')) : Reflect.get(real, name),
  })
  const opening = webgpuEngine({ adapter: refusing }).open(jobFor(await smallSpec()), { train })
  await expect(opening).rejects.toMatchObject({ code: 'unavailable' })
  await expect(opening).rejects.toThrow(
    /^engine webgpu: the GPU \(.*swiftshader.*\) can't be opened \(limits are too high\)\. Update its driver, or use the wasm engine\.$/i,
  )
  const refused = await reportGpu(nodePlatform, { adapter: refusing, opens: true })
  expect(refused).toMatchObject({ available: false, reason: expect.stringContaining("can't be opened") })
  expect(await reportGpu(nodePlatform, { adapter, opens: true })).toMatchObject({ available: true, software: true })
  const gpu = { requestAdapter: () => Promise.reject(new Error('no such layer')) }
  const broken = { gpu: async () => gpu as unknown as GPU, whyNoAdapter: () => '' }
  expect(await reportGpu(broken, {})).toEqual({
    available: false,
    reason: 'looking for a GPU failed (no such layer). Update its driver, or use the wasm engine.',
  })
})

test.runIf(process.platform === 'linux' && !existsSync('/dev/dri') && !existsSync('/dev/nvidiactl'))(
  'without a GPU it says so, and what to do',
  async () => {
    const opening = webgpuEngine().open(jobFor(await smallSpec()), { train })
    await expect(opening).rejects.toMatchObject({ code: 'unavailable' })
    await expect(opening).rejects.toThrow('This machine shows no GPU')
  },
)

test('a machine with CUDA but without a Vulkan loader is told the one package that mends it', () => {
  const machine = { gpu: true, nvidia: true, loader: false }
  expect(whyNoAdapter('linux', machine)).toMatch(/NVIDIA GPU, but no Vulkan loader.*apt-get install libvulkan1/)
  expect(whyNoAdapter('linux', { ...machine, loader: true })).toContain('NVIDIA_DRIVER_CAPABILITIES')
  expect(whyNoAdapter('linux', { ...machine, nvidia: false })).toContain('libvulkan1')
  expect(whyNoAdapter('linux', { gpu: true, nvidia: false, loader: true })).toContain('mesa-vulkan-drivers')
  expect(whyNoAdapter('win32', machine)).toBe('Install or update the graphics driver.')
})

test('a device that is lost in the middle of an epoch ends the call, which says what to do', async () => {
  const device = await softwareDevice()
  const session = await webgpuEngine({ device }).open(jobFor(await smallSpec()), { train })
  const order = Uint32Array.from({ length: 400_000 }, (_, i) => i % 40)
  const onProgress = (): void => device.destroy()
  const running = session.train({ ...request, order, onProgress })
  await expect(running).rejects.toMatchObject({ code: 'engine-failed' })
  await expect(running).rejects.toThrow(/device was lost.*last checkpoint/)
  await expect(session.readWeights()).rejects.toMatchObject({ code: 'engine-failed' })
  await session.dispose()
})

test('a training whose device is lost goes on by itself on the CPU, to the weights of one that was not', async () => {
  const device = await softwareDevice()
  const job = jobFor(await smallSpec())
  const engine = revivingEngine([webgpuEngine({ device }), wasmEngine({ threads: 1 })])
  const session = await engine.open(job, { train })
  const whole = await wasmEngine({ threads: 1 }).open(job, { train })
  await session.train(request)
  await whole.train(request)
  const order = Uint32Array.from({ length: 4000 }, (_, i) => i % 40)
  const next = { ...request, order, firstStep: 3 }
  const { steps } = await session.train({ ...next, onProgress: () => device.destroy() })
  await whole.train(next)
  expect(steps).toBe(250)
  expect(session.device.backend).toBe('wasm')
  const expected = await whole.readWeights()
  // Two targets, 250 steps at a large rate: rounding grows.
  for (const [i, { name, values }] of (await session.readWeights()).entries())
    expect(distance(values, expected[i]?.values ?? []), name).toBeLessThan(1e-3)
  await Promise.all([session.dispose(), whole.dispose()])
})

test('training goes on from a checkpoint on a new device as if nothing had happened', async () => {
  const spec = await smallSpec()
  const first = await softwareDevice()
  const session = await webgpuEngine({ device: first }).open(jobFor(spec), { train })
  await session.train(request)
  const [weights, optimizer] = [await session.readWeights(), await session.readOptimizer()]
  const next = { ...request, firstStep: 3 }
  const expected = [await session.train(next), await session.readWeights()]
  await session.dispose()
  first.destroy()
  const resumed = await webgpuEngine({ device: await softwareDevice() }).open(jobFor(spec), { train })
  await resumed.writeWeights(weights)
  await resumed.writeOptimizer(optimizer)
  expect([await resumed.train(next), await resumed.readWeights()]).toEqual(expected)
  await resumed.dispose()
})

test('two sessions share a device and don’t disturb one another', async () => {
  const device = await softwareDevice()
  const job = jobFor(await smallSpec())
  const [one, other] = [
    await webgpuEngine({ device }).open(job, { train }),
    await webgpuEngine({ device }).open(job, { train }),
  ]
  const [a, b] = await Promise.all([one.train(request), other.train(request)])
  expect(a).toEqual(b)
  await one.dispose()
  expect(await other.train({ ...request, firstStep: 3 })).toMatchObject({ samples: 40 })
  await other.dispose()
  // The device is its owner's.
  expect(await Promise.race([device.lost, Promise.resolve('there')])).toBe('there')
})

test('tfjs’ own device is shared: trained weights go back into the model, which goes on using it', async () => {
  Object.defineProperty(navigator, 'gpu', { value: await softwareGpu(), configurable: true })
  await import('@tensorflow/tfjs-backend-webgpu')
  await tf.setBackend('webgpu')
  const { device } = tf.backend() as unknown as { device: GPUDevice }
  const model = smallModel()
  const session = await webgpuEngine({ device }).open(jobFor(await readModel(model)), { train })
  await session.train(request)
  const [weights, outputs] = [await session.readWeights(), await session.predict(train.images)]
  await session.dispose()
  assignWeights(model, weights)
  const input = tf.tensor2d(
    Float32Array.from(train.images, (byte) => byte / 255),
    [40, 64],
  )
  const predicted = await (model.predict(input) as tf.Tensor).data()
  expect(distance(predicted, outputs)).toBeLessThan(1e-5)
  tf.dispose([input])
  model.dispose()
  await tf.setBackend('cpu')
})

test('a step that needs more than the device binds is refused with both numbers', async () => {
  const device = await softwareDevice()
  const limits = {
    ...watchedDevice(device).device.limits,
    maxBufferSize: 2 ** 20,
    maxStorageBufferBindingSize: 2 ** 15,
  }
  const small = new Proxy(device, {
    get: (object, name) => {
      if (name === 'limits') return limits
      const value: unknown = Reflect.get(object, name, object)
      return typeof value === 'function' ? value.bind(object) : value
    },
  })
  const opening = webgpuEngine({ device: small }).open(jobFor(await smallSpec()), { train })
  await expect(opening).rejects.toMatchObject({ code: 'out-of-memory' })
  await expect(opening).rejects.toThrow(/needs \d+ KiB in one buffer, and this device binds at most 32 KiB/)
})

test('compiling is reported kernel by kernel', async () => {
  const seen: [number, number][] = []
  const device = await softwareDevice()
  const engine = webgpuEngine({ device, onCompile: (done, count) => seen.push([done, count]) })
  const session = await engine.open(jobFor(await smallSpec()), { train })
  await session.dispose()
  expect(seen.at(-1)).toEqual([7, 7])
  expect(seen).toHaveLength(7)
})

test('a profile tells what each kind of dispatch took, and changes no bit', async () => {
  const job = jobFor(await smallSpec())
  const profiles: (readonly KernelTime[])[] = []
  const adapter = await softwareAdapter()
  const timed = await webgpuEngine({ adapter, onProfile: (times) => profiles.push(times) }).open(job, { train })
  const sums = await timed.train(request)
  await timed.evaluate('train')
  await timed.dispose()
  const plain = await webgpuEngine({ adapter: await softwareAdapter() }).open(job, { train })
  expect(sums).toEqual(await plain.train(request))
  await plain.dispose()
  const [times = []] = profiles
  expect(profiles).toHaveLength(1)
  expect(times.map(({ name, calls }) => `${name} ${calls}`).toSorted()).toEqual([
    'gather 3',
    'loss categoricalCrossentropy 3',
    'product classes 3',
    'product d drop 3',
    'product drop 3',
    'update classes/kernel 3',
    'update hidden/kernel 3',
  ])
  expect(times.every(({ milliseconds }) => milliseconds >= 0 && milliseconds < 60_000)).toBe(true)
  const opening = webgpuEngine({ device: await softwareDevice(), onProfile: () => undefined }).open(job, { train })
  await expect(opening).rejects.toThrow('no timestamps to profile with')
})
