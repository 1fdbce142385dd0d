/* A GPU that is reported, and fails while it is opened: by way of Dawn and a GPU in software, with one thing broken. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WebGpuEngineOptions } from '@gicho/engine/webgpu'
import { mnist } from '@gicho/recipes'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { softwareDevice, softwareGpu } from '../../../packages/engine/test/software-webgpu.ts'
import { runLesson } from '../src/lesson-run.ts'
import { type Machine, thisMachine } from '../src/machine.ts'
import type { TrainOptions } from '../src/train-options.ts'
import { FakeScreen } from './fake-screen.ts'

vi.setConfig({ testTimeout: 60_000 })

let out = ''
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'gicho-failing-'))
})
afterAll(() => rm(out, { recursive: true }))

/** An object of which one property is another. */
function broken<T extends object>(whole: T, property: keyof T & string, value: unknown): T {
  return new Proxy(whole, {
    get(object, name) {
      if (name === property) return value
      const own: unknown = Reflect.get(object, name)
      return typeof own === 'function' ? own.bind(object) : own
    },
  })
}

const rejects = (message: string) => () => Promise.reject(new Error(message))

const failures: readonly (readonly [string, () => Promise<WebGpuEngineOptions>, reason: RegExp])[] = [
  [
    'that gives no device',
    async () => {
      const adapter = await (await softwareGpu()).requestAdapter()
      if (!adapter) throw new Error('no software adapter')
      return { adapter: broken(adapter, 'requestDevice', rejects('limits are too high')) }
    },
    /the GPU \(.*\) can't be opened \(limits are too high\)\. Update its driver, or use the wasm engine\./,
  ],
  [
    'that compiles no shader',
    async () => ({ device: broken(await softwareDevice(), 'createComputePipelineAsync', rejects('internal error')) }),
    /internal error/,
  ],
  [
    'without memory for the images',
    async () => {
      const device = await softwareDevice()
      return { device: broken(device, 'limits', { maxStorageBufferBindingSize: 1000 }) }
    },
    /the train images take \d+ bytes in one buffer, and this device binds at most 1000/,
  ],
]

/** Trains lesson 1 on a machine whose GPU is the given one; gives what was said. */
async function train(gpu: WebGpuEngineOptions, engine: TrainOptions['engine']): Promise<string> {
  const machine: Machine = {
    ...thisMachine,
    gpu: async () => ({ available: true, device: 'A GPU', software: false }),
    webgpu: async () => (await import('@gicho/engine/webgpu')).webgpuEngine({ allowSoftware: true, ...gpu }),
  }
  const options: TrainOptions = {
    recipe: mnist,
    epochs: 1,
    stepsPerEpoch: undefined,
    batchSize: undefined,
    optimizer: undefined,
    engine,
    backend: 'auto',
    dataset: 'mnist',
    data: undefined,
    seed: 3,
    limit: 64,
    out,
    threads: 1,
    json: false,
    language: 'en',
    trust: false,
    checkpointSeconds: undefined,
    model: undefined,
    image: undefined,
    imageOrientation: 'from-image',
  }
  const [stdout, stderr] = [new FakeScreen(1000), new FakeScreen()]
  await runLesson(
    options,
    { stdout, stderr, env: {}, event: () => undefined, drained: async () => undefined },
    undefined,
    machine,
  )
  return stdout.text.replace(/\n(?=\S)/g, ' ')
}

test.each(failures)('on a GPU %s, auto says one sentence and trains on the CPU', async (_, gpu, reason) => {
  const said = await train(await gpu(), 'auto')
  expect(said).toMatch(/The GPU couldn't be used, so the wasm engine does the work\. Why: /)
  expect(said).toMatch(reason)
  expect(said).toMatch(/Training with the wasm engine on CPU, 1 thread/)
  expect(said.match(/couldn't be used/g)).toHaveLength(1)
})

test.each(failures)('on a GPU %s that was named, the run ends with what is wrong', async (_, gpu, reason) => {
  await expect(train(await gpu(), 'webgpu')).rejects.toThrow(reason)
})

test('the card of such a run names the engine that trained', async () => {
  const card = JSON.parse(await readFile(join(out, 'mnist', '1', 'run.json'), 'utf8'))
  expect(card).toMatchObject({ engine: 'wasm', device: expect.stringContaining('CPU'), status: 'done' })
})
