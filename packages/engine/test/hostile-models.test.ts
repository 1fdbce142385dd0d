/*
 * Models that somebody else made: whatever their topology says, they are refused by name or run as they should, and nothing but the
 * plan's own memory is written. The memory of a session is laid out twice, by the session and here, so that the rest is known.
 */
import '@tensorflow/tfjs-backend-cpu'
import { isGichoError, type ModelSpec, type Session, type TrainingJob, unitRange } from '@gicho/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Ref } from '../src/ops/emitter.ts'
import { tfjsEngine } from '../src/tfjs.node.ts'
import { compile } from '../src/wasm/compile.ts'
import { makeWasmEngine } from '../src/wasm/engine.ts'
import { PlanMaker } from '../src/wasm/plan-maker.ts'
import { openPlatform, specOfTopology, topologies } from './hostile-models.ts'
import { distance, jobFor, rows } from './samples.ts'
import { images } from './wasm-samples.ts'

const COUNT = 3
const CANARY = 0xa5

function jobOf(spec: ModelSpec): TrainingJob {
  const shape = inputShape(spec)
  return jobFor(spec, { input: unitRange(shape), batchSize: COUNT })
}

function inputShape({ topology }: ModelSpec): [number, number, number] {
  const text = JSON.stringify(topology)
  const [, h = 1, w = 1, c = 1] = (/"batch_input_shape":\[null,(\d+),(\d+),(\d+)\]/.exec(text) ?? []).map(Number)
  return [h, w, c]
}

interface Range {
  readonly from: number
  readonly to: number
}

/** Where a prediction may write. */
function predictionMemory(job: TrainingJob): Range[] {
  const maker = new PlanMaker(job, compile(job), 1, COUNT)
  maker.placeData('train', COUNT, inputShape(job.model))
  const { plan } = maker.make('predict', 'predict', COUNT, false)
  const { control, contexts, order, rates, outputs } = maker.places
  const whole = ({ buffer }: Ref): Range => ({ from: buffer.address, to: buffer.address + buffer.bytes })
  return [
    { from: plan.begin, to: plan.end },
    { from: maker.scratch.address, to: maker.scratch.address + maker.scratch.bytes },
    ...[control, order, rates, outputs, maker.data('predict').images, ...contexts].map(whole),
  ]
}

/** The first byte that differs outside of the ranges; -1 for none. */
function strayWrite(before: Uint8Array, after: Uint8Array, ranges: readonly Range[]): number {
  const checked = after.slice()
  for (const { from, to } of ranges) checked.set(before.subarray(from, Math.min(to, before.length)), from)
  return checked.findIndex((byte, at) => byte !== before[at])
}

async function predictWatched(spec: ModelSpec): Promise<Float32Array> {
  const job = jobOf(spec)
  const data = images(inputShape(spec), COUNT, 3)
  const { platform, memory } = openPlatform()
  const session = await makeWasmEngine(platform).open(job, { train: data })
  try {
    memory().fill(CANARY, 0, 1024)
    await session.predict(data.images)
    const ranges = predictionMemory(job)
    const before = memory().slice()
    const outputs = await session.predict(data.images)
    expect(strayWrite(before, memory(), ranges)).toBe(-1)
    expect(await session.readWeights()).toEqual(spec.weights)
    await trainOnce(session)
    expect(
      memory()
        .subarray(0, 1024)
        .every((byte) => byte === CANARY),
    ).toBe(true)
    return outputs
  } finally {
    await session.dispose()
  }
}

async function trainOnce(session: Session): Promise<void> {
  await session.train({ order: rows(COUNT), firstStep: 0, learningRate: 1e-3 })
  await session.evaluate('train')
}

/** The same from the eager engine, where it can run the model. */
async function eagerly(spec: ModelSpec): Promise<Float32Array | undefined> {
  const engine = tfjsEngine({ backend: 'cpu' })
  const job = jobOf(spec)
  if (engine.supports(job).length > 0) return undefined
  const data = images(inputShape(spec), COUNT, 3)
  const session = await engine.open(job, { train: data })
  try {
    return await session.predict(data.images)
  } finally {
    await session.dispose()
  }
}

test('a hostile model is refused in a sentence, or it predicts what it should and writes nowhere else', {
  timeout: 60_000,
}, async () => {
  let run = 0
  let refused = 0
  await fc.assert(
    fc.asyncProperty(fc.oneof(topologies(true), topologies(false)), async (topology) => {
      const spec = specOfTopology(topology)
      const { platform } = openPlatform()
      const issues = makeWasmEngine(platform).supports(jobOf(spec))
      if (issues.length > 0) {
        refused++
        for (const { where, message } of issues) expect(`${where}: ${message}`).toMatch(/^[^:]+: .{10}/)
        return
      }
      run++
      const outputs = await predictWatched(spec)
      const expected = await eagerly(spec)
      // Two orders of float32 sums.
      if (expected) expect(distance(outputs, expected)).toBeLessThan(1e-4)
    }),
    { numRuns: 100, seed: 11 },
  )
  expect(run).toBeGreaterThan(30)
  expect(refused).toBeGreaterThan(20)
})

/** An image of 8x8x3, this layer, one that gives rows of values, Dense. */
function around(className: string, config: Readonly<Record<string, unknown>>, flat = 'Flatten'): ModelSpec {
  const layer = { class_name: className, config: { name: 'odd', trainable: true, ...config } }
  return specOfTopology({
    class_name: 'Sequential',
    config: {
      name: 'model',
      layers: [
        { class_name: 'InputLayer', config: { name: 'input', batch_input_shape: [null, 8, 8, 3] } },
        layer,
        { class_name: flat, config: { name: 'flat' } },
        { class_name: 'Dense', config: { name: 'end', units: 3, activation: 'softmax' } },
      ],
    },
  })
}

const conv = { filters: 4, kernel_size: [3, 3], strides: [1, 1], padding: 'same' }

test.each<[string, string, Record<string, unknown>, RegExp]>([
  [
    'padding that takes rows away',
    'ZeroPadding2D',
    {
      padding: [
        [-78, 82],
        [0, 0],
      ],
    },
    /odd\.padding: expected .* whole numbers from 0 to 16777216, got \[-78,82\]/,
  ],
  [
    'padding that takes a few away',
    'ZeroPadding2D',
    {
      padding: [
        [-4, 8],
        [0, 0],
      ],
    },
    /odd\.padding/,
  ],
  ['fractional padding', 'ZeroPadding2D', { padding: 0.5 }, /odd\.padding/],
  [
    'huge padding',
    'ZeroPadding2D',
    { padding: [2 ** 24, 2 ** 24] },
    /odd: images of .* rows or columns|more than 1 GiB/,
  ],
  [
    'repetition into gigabytes',
    'UpSampling2D',
    { size: [4096, 8192] },
    /odd: one sample of its output \(32768, 65536, 3\) takes 24\.0 GiB/,
  ],
  ['no repetition', 'UpSampling2D', { size: 0 }, /odd\.size/],
  ['negative strides', 'Conv2D', { ...conv, strides: [-1, 1] }, /odd\.strides/],
  ['fractional filters', 'Conv2D', { ...conv, filters: 2.5 }, /odd\.filters: expected a whole number from 1/],
  ['a kernel of no size', 'Conv2D', { ...conv, kernel_size: 0 }, /odd\.kernel_size/],
  [
    'a kernel wider than memory',
    'Conv2D',
    { ...conv, kernel_size: [2 ** 12, 2 ** 12] },
    /odd: windows of more than 65536 places/,
  ],
  [
    'dilation over all bounds',
    'Conv2D',
    { ...conv, dilation_rate: 2 ** 23 },
    /odd: its windows reach over 16777217 pixels/,
  ],
  ['negative dilation', 'Conv2D', { ...conv, dilation_rate: -2 }, /odd\.dilation_rate/],
  ['a pool of no size', 'MaxPooling2D', { pool_size: 0 }, /odd\.pool_size/],
  ['a pool with negative strides', 'AveragePooling2D', { pool_size: 2, strides: -2 }, /odd\.strides/],
  [
    'a huge pool',
    'AveragePooling2D',
    { pool_size: 2 ** 20, padding: 'same' },
    /odd: windows of more than 65536 places/,
  ],
  ['a negative multiplier', 'DepthwiseConv2D', { ...conv, depth_multiplier: -1 }, /odd\.depth_multiplier/],
  ['a rate above one', 'Dropout', { rate: 2 }, /odd: expected a rate in \[0, 1\), got 2/],
  ['negative noise', 'GaussianNoise', { stddev: -1 }, /odd\.stddev: expected a number from 0 on, got -1/],
  ['a negative epsilon', 'BatchNormalization', { epsilon: -1 }, /odd\.epsilon/],
  [
    'a momentum above one',
    'BatchNormalization',
    { momentum: 1.5 },
    /odd\.momentum: expected a number from 0 to 1, got 1\.5/,
  ],
  ['an epsilon that is no number', 'LayerNormalization', { epsilon: 'small' }, /odd\.epsilon: expected a number/],
  ['a shape with fractions', 'Reshape', { target_shape: [1.5, 128] }, /odd\.target_shape/],
  ['a shape of text', 'Reshape', { target_shape: ['8', 24] }, /odd\.target_shape/],
  [
    'an activation named as a property of all objects',
    'Activation',
    { activation: 'constructor' },
    /odd: the activation "constructor" isn't compiled yet/,
  ],
])('%s is refused by name', async (_, className, config, sentence) => {
  const spec = around(className, config)
  const { platform } = openPlatform()
  const engine = makeWasmEngine(platform)
  const job = jobFor(spec, { input: unitRange([8, 8, 3]) })
  const issues = engine.supports(job)
  expect(issues.map(({ where, message }) => `${where}: ${message}`).join('\n')).toMatch(sentence)
  await expect(engine.open(job, { train: images([8, 8, 3], 2, 3) })).rejects.toMatchObject({ code: 'unsupported' })
})

const dense = (name: string, inputs: readonly string[], units = 3): Record<string, unknown> => ({
  class_name: 'Dense',
  name,
  config: { name, units, activation: name === 'end' ? 'softmax' : 'linear' },
  inbound_nodes: [inputs.map((input) => [input, 0, 0, {}])],
})

function functional(layers: readonly Record<string, unknown>[], output = 'end'): ModelSpec {
  const input = {
    class_name: 'InputLayer',
    name: 'input',
    config: { name: 'input', batch_input_shape: [null, 4] },
    inbound_nodes: [],
  }
  const config = {
    name: 'model',
    layers: [input, ...layers],
    input_layers: [['input', 0, 0]],
    output_layers: [[output, 0, 0]],
  }
  return specOfTopology({ class_name: 'Functional', config })
}

const long = Array.from({ length: 5000 }, (_, i) => dense(`d${i}`, [i === 0 ? 'input' : `d${i - 1}`]))

test.each<[string, ModelSpec, RegExp]>([
  [
    'layers that read each other in a circle',
    functional([dense('a', ['b']), dense('b', ['a']), dense('end', ['a'])]),
    /(a|b): reads "(a|b)", which is no layer/,
  ],
  ['a layer that reads itself', functional([dense('end', ['end'])]), /end: reads "end"/],
  [
    'a layer that reads nothing that is there',
    functional([dense('end', ['ghost'])]),
    /end: reads "ghost", which is no layer of the model/,
  ],
  [
    'an output that is nowhere',
    functional([dense('end', ['input'])], 'ghost'),
    /model: its output "ghost" is no layer of the model/,
  ],
  [
    'two layers of one name',
    functional([dense('twin', ['input'], 9), dense('twin', ['input'], 2), dense('end', ['twin'])]),
    /twin: two layers have this name/,
  ],
  [
    'thousands of layers, last one first',
    functional([...long.toReversed(), dense('end', ['d4999'])]),
    /model: models of more than 4096 layers/,
  ],
])('a functional model with %s is refused by name', (_, spec, sentence) => {
  const issues = makeWasmEngine(openPlatform().platform).supports(jobFor(spec, { input: unitRange([4]) }))
  expect(issues.map(({ where, message }) => `${where}: ${message}`).join('\n')).toMatch(sentence)
})

test('weights of a hostile file are refused by name: too few, too many, other names, other shapes', async () => {
  const spec = around('Conv2D', conv)
  const [kernel, ...others] = spec.weights
  if (!kernel) throw new Error('no weight')
  const engine = makeWasmEngine(openPlatform().platform)
  const data = { train: images([8, 8, 3], 2, 3) }
  const given: readonly [RegExp, ModelSpec['weights']][] = [
    [/"odd\/kernel" is missing/, others],
    [/"odd\/kernel" is missing/, [{ ...kernel, name: '__proto__' }, ...others]],
    [/with 3 values/, [{ ...kernel, values: new Float32Array(3) }, ...others]],
    [/with 4000000 values/, [{ ...kernel, values: new Float32Array(4_000_000) }, ...others]],
    [/got \(3, 3, 3, 4, 1\)/, [{ ...kernel, shape: [...kernel.shape, 1] }, ...others]],
    [/got \(-3, -3, 3, 4\)/, [{ ...kernel, shape: [-3, -3, 3, 4] }, ...others]],
  ]
  for (const [message, weights] of given)
    await expect(engine.open(jobFor({ ...spec, weights }, { input: unitRange([8, 8, 3]) }), data)).rejects.toThrow(
      message,
    )
})

test('a batch that no memory can hold is refused in a sentence, and the session goes on', async () => {
  const spec = around('UpSampling2D', { size: 256 }, 'GlobalAveragePooling2D')
  const job = jobFor(spec, { input: unitRange([8, 8, 3]), batchSize: 256 })
  const data = images([8, 8, 3], 256, 3)
  const session = await makeWasmEngine(openPlatform().platform).open(job, { train: data })
  const failure = await session
    .train({ order: rows(256), firstStep: 0, learningRate: 1e-3 })
    .catch((error: unknown) => error)
  expect(isGichoError(failure, 'out-of-memory')).toBe(true)
  expect(String(failure)).toMatch(
    /batches of 256 needs \d+\.\d GiB of memory, and a session can have 4 GiB\. Take a smaller batch/,
  )
  expect(await session.readWeights()).toEqual(spec.weights)
  await session.dispose()
})
