import { GichoError, rmsprop, type TrainingJob } from '@gicho/core'
import { expect, test, vi } from 'vitest'
import { fakeEngine, fakeMachine, type Parts } from '../test/fake-machine.ts'
import { automaticEngine } from './automatic-engine.ts'
import { chooseEngine } from './engines.ts'

const job: TrainingJob = {
  model: { topology: {}, weights: [] },
  loss: 'categoricalCrossentropy',
  optimizer: rmsprop(),
  batchSize: 32,
  seed: 0,
  input: { shape: [1], scale: 1, offset: 0 },
}
const data = { train: {} as never }

const broken = new GichoError('unavailable', "engine webgpu: the GPU (A GPU) can't be opened (limits).")
const noCuda = 'TensorFlow sees no GPU here. gicho doctor says what is missing.'
const onGpu = { cuda: true, tensorflow: 'GPU, libtensorflow' }
const onCpu = { cuda: true, tensorflow: 'A CPU, libtensorflow' }

test.each<[string, Parts, device: string, told: unknown[][]]>([
  ['a GPU by WebGPU', { gpu: 'A GPU' }, 'webgpu', []],
  ['a GPU by WebGPU and by CUDA', { gpu: 'A GPU', ...onGpu }, 'webgpu', []],
  ['no WebGPU, but CUDA', onGpu, 'tfjs tensorflow', []],
  ['no WebGPU, and a TensorFlow with CUDA that sees no GPU', onCpu, 'wasm', [[noCuda, 'wasm']]],
  ['no WebGPU, and a TensorFlow that is on a GPU without being set up for it', { tensorflow: 'GPU' }, 'wasm', []],
  ['neither', {}, 'wasm', []],
  ['a GPU that fails', { gpu: broken }, 'wasm', [[broken.message, 'wasm']]],
  ['a GPU that fails, and CUDA', { gpu: broken, ...onGpu }, 'tfjs tensorflow', [[broken.message, 'tfjs tensorflow']]],
  ['a GPU that fails, and no CUDA', { gpu: broken, ...onCpu }, 'wasm', [[broken.message, 'wasm']]],
  ['a driver that throws anything', { gpu: new TypeError('oops') }, 'wasm', [['oops', 'wasm']]],
])('with %s, auto trains on what comes first and works', async (_, parts, device, told) => {
  const onUnopened = vi.fn()
  const choice = { engine: 'auto', backend: 'auto', onUnopened } as const
  const engine = await chooseEngine(choice, fakeMachine(parts))
  expect((await engine.open(job, data)).device.name).toBe(device)
  expect(engine.name).toBe(device)
  expect(onUnopened.mock.calls).toEqual(told)
})

test('an engine that was named and fails is not replaced', async () => {
  const machine = fakeMachine({ gpu: broken, ...onGpu })
  const webgpu = await chooseEngine({ engine: 'webgpu', backend: 'auto' }, machine)
  await expect(webgpu.open(job, data)).rejects.toBe(broken)
  const nothing = fakeMachine({})
  await expect(chooseEngine({ engine: 'webgpu', backend: 'auto' }, nothing)).rejects.toThrow(
    'engine webgpu: no GPU adapter was found.',
  )
  await expect(chooseEngine({ engine: 'tfjs', backend: 'tensorflow' }, nothing)).rejects.toThrow(
    'backend tensorflow: is not installed.',
  )
})

test('TensorFlow is not loaded where a GPU serves, or none with CUDA is there', async () => {
  for (const parts of [{ gpu: 'A GPU', ...onGpu }, { tensorflow: 'GPU' }]) {
    const machine = fakeMachine(parts)
    const backends = vi.spyOn(machine, 'backends')
    await (await automaticEngine(machine, undefined, {})).open(job, data)
    expect(backends).not.toHaveBeenCalled()
  }
})

test('what the compiled engine cannot run goes to tfjs, and is told', async () => {
  const issues = [{ where: 'lstm', message: 'LSTM is not compiled' }]
  const lame = { ...fakeEngine('wasm'), supports: () => issues }
  const onFallback = vi.fn()
  const engine = await automaticEngine({ ...fakeMachine({}), wasm: async () => lame }, undefined, { onFallback })
  expect((await engine.open(job, data)).device.name).toBe('tfjs auto')
  expect(onFallback).toHaveBeenCalledExactlyOnceWith(issues)
})
