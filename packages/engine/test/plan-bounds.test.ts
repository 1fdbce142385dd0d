/* Every address of a plan lies inside its buffer, on both targets: plans are made here and never run, so many are tried. */
import { rmsprop, type TrainingJob, unitRange } from '@gicho/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Buffer } from '../src/ops/emitter.ts'
import type { GpuCall } from '../src/ops/gpu-table.ts'
import { makeTensor } from '../src/ops/tensor.ts'
import { checkGpuCalls } from '../src/plan/check-gpu-calls.ts'
import { compile, findIssues } from '../src/wasm/compile.ts'
import { PlanMaker } from '../src/wasm/plan-maker.ts'
import { GpuPlanMaker } from '../src/webgpu/plan-maker.ts'
import { checkWorkgroups } from '../src/webgpu/programs.ts'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { specOfTopology, topologies } from './hostile-models.ts'
import { jobFor } from './samples.ts'
import { softwareDevice } from './software-webgpu.ts'
import { images } from './wasm-samples.ts'

const MODES = ['train', 'evaluate', 'predict'] as const

function jobOf(topology: Readonly<Record<string, unknown>>, changes: Partial<TrainingJob> = {}): TrainingJob {
  const text = JSON.stringify(topology)
  const shape = (/"batch_input_shape":\[null,(\d+),(\d+),(\d+)\]/.exec(text) ?? []).slice(1).map(Number)
  return jobFor(specOfTopology(topology), { input: unitRange(shape), ...changes })
}

const clipped = rmsprop({ clipNorm: 1, momentum: 0.9, centered: true })

test.each<[string, (job: TrainingJob, batch: number) => void]>([
  [
    'on the CPU',
    (job, batch) => {
      const maker = new PlanMaker(job, compile(job), 2, batch)
      maker.placeData('train', batch)
      for (const mode of MODES) maker.make(mode, 'train', batch, mode === 'train')
      if (maker.separate) maker.makeUpdate()
    },
  ],
  [
    'on a GPU',
    (job, batch) => {
      for (const half of [false, true]) {
        const maker = new GpuPlanMaker(job, compile(job), batch, half)
        for (const mode of MODES) maker.make(mode, 'train', batch, mode === 'train')
        if (maker.separate !== undefined) maker.makeUpdate()
      }
    },
  ],
])('the plans of any model that is taken lie inside their memory, %s', (_, makePlans) => {
  fc.assert(
    fc.property(topologies(false), fc.integer({ min: 1, max: 9 }), fc.boolean(), (topology, batch, clips) => {
      const job = jobOf(topology, { batchSize: batch, ...(clips ? { optimizer: clipped } : {}) })
      fc.pre(findIssues(job).length === 0)
      makePlans(job, batch)
    }),
    { numRuns: 150, seed: 5 },
  )
})

const END = 2 ** 20

function placed<T extends { readonly at: { readonly buffer: Buffer } }>(value: T, address: number): T {
  value.at.buffer.address = address
  return value
}

const bufferOf = (args: object): Buffer[] =>
  Object.values(args).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null && 'at' in value
      ? [(value as { at: { buffer: Buffer } }).at.buffer]
      : [],
  )

test('a dispatch that would leave its buffer, or names a place of which nobody says how far it is touched, is refused', () => {
  const x = placed(makeTensor('x', 2, [4, 4, 4]), 1024)
  const y = placed(makeTensor('y', 2, [4, 4, 4]), 8192)
  const copy = (changes: object): GpuCall =>
    ({ kernel: 'copy', args: { x, y, add: false, finish: { relu: false }, ...changes } }) as GpuCall
  const check = (call: GpuCall): void => checkGpuCalls([call], bufferOf, { end: END, halfEnd: 0 })
  expect(() => check(copy({}))).not.toThrow()
  expect(() => check(copy({ x: placed(makeTensor('x', 1, [4, 4, 4]), 1024) }))).toThrow('plan: copy: x goes from 0 to')
  expect(() => check(copy({ y: placed(makeTensor('y', 2, [4, 4, 4]), END) }))).toThrow('"y" lies outside the memory')
  expect(() => check(copy({ y: makeTensor('y', 2, [4, 4, 4]) }))).toThrow('"y" lies outside the memory')
  expect(() => check(copy({ other: y, y: placed(makeTensor('z', 2, [4, 4, 4]), 4096) }))).toThrow(
    'nothing says how far "y" is touched',
  )
})

function wide(units: number, size: number): Readonly<Record<string, unknown>> {
  return {
    class_name: 'Sequential',
    config: {
      name: 'model',
      layers: [
        { class_name: 'InputLayer', config: { name: 'input', batch_input_shape: [null, 8, 8, 3] } },
        { class_name: 'UpSampling2D', config: { name: 'more', size } },
        { class_name: 'GlobalAveragePooling2D', config: { name: 'mean' } },
        { class_name: 'Dense', config: { name: 'end', units, activation: 'softmax' } },
      ],
    },
  }
}

test('a batch that a GPU cannot hold is refused in a sentence when the session is opened', {
  timeout: 60_000,
}, async () => {
  const engine = webgpuEngine({ device: await softwareDevice() })
  const opening = engine.open(jobOf(wide(3, 256), { batchSize: 64 }), { train: images([8, 8, 3], 64, 3) })
  await expect(opening).rejects.toMatchObject({ code: 'out-of-memory' })
  await expect(opening).rejects.toThrow(
    /a step needs \d+\.\d MiB in one buffer, and this device binds at most .* Take a smaller batch/,
  )
})

test('a layer that is too wide for any GPU is refused in a sentence, and what to train it with', () => {
  expect(() => checkWorkgroups('product end', [65535, 1, 1])).not.toThrow()
  expect(() => checkWorkgroups('product end', [68750, 1, 1])).toThrow(
    'engine webgpu: the layer behind "product end" is too wide for a GPU: 68750 x 1 x 1 workgroups, and an axis has at most 65535. ' +
      'Train it with the wasm engine.',
  )
})
