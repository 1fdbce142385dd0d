/* What a session says when the device refuses something, tried on a software GPU by spoiling what it is given. */
import { expect, test, vi } from 'vitest'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { jobFor, noise, rows, smallSpec } from './samples.ts'
import { softwareDevice } from './software-webgpu.ts'
import { replaced } from './watched-device.ts'

vi.setConfig({ testTimeout: 60_000 })

const train = noise(40)
const request = { order: rows(40), firstStep: 0, learningRate: 1e-2 }
const job = jobFor(await smallSpec())

test('a kernel that doesn’t compile is named with the compiler’s words, and the device stays usable', async () => {
  const device = await softwareDevice()
  const spoiled = replaced(device, {
    createShaderModule: (create) => (descriptor) => {
      const { label, code } = descriptor as GPUShaderModuleDescriptor
      return create({ label, code: label === 'loss' ? code.replace('fn main', 'fn main(') : code })
    },
  })
  const opening = webgpuEngine({ device: spoiled }).open(job, { train })
  await expect(opening).rejects.toMatchObject({ code: 'engine-failed' })
  await expect(opening).rejects.toThrow(/kernel loss doesn't compile: .*error:.*Report it with your GPU and driver/s)
  const next = await webgpuEngine({ device }).open(job, { train })
  expect(await next.train(request)).toMatchObject({ steps: 3 })
  await next.dispose()
})

test('what the device finds wrong with a run is told in its words', async () => {
  const buffers: GPUBuffer[] = []
  const device = replaced(await softwareDevice(), {
    createBuffer: (create) => (descriptor) => {
      const buffer = create(descriptor) as GPUBuffer
      buffers.push(buffer)
      return buffer
    },
  })
  const session = await webgpuEngine({ device }).open(job, { train })
  await session.train(request)
  buffers.find(({ label }) => label === 'rows')?.destroy()
  const training = session.train(request)
  await expect(training).rejects.toMatchObject({ code: 'engine-failed' })
  await expect(training).rejects.toThrow(/a run of steps: .*rows.*destroyed/s)
  await session.dispose()
})

test('a device without memory for a session says what to do', async () => {
  let asked = ''
  let pops = 0
  const device = replaced(await softwareDevice(), {
    createBuffer: (create) => (descriptor) => {
      asked = (descriptor as GPUBufferDescriptor).label ?? ''
      return create(descriptor)
    },
    // Of two scopes the inner one is popped first; the outer one asks about memory.
    popErrorScope: (pop) => async () => {
      const full = asked === 'arena' && ++pops % 2 === 0
      const error = await pop()
      return full ? { message: 'no memory' } : error
    },
  })
  const opening = webgpuEngine({ device }).open(job, { train })
  await expect(opening).rejects.toMatchObject({ code: 'out-of-memory' })
  await expect(opening).rejects.toThrow(/no memory for an arena of \d+ KiB\. Take a smaller batch, or the wasm engine/)
})
