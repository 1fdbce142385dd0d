import { expect, test } from 'vitest'
import { checkSize } from '../bench/bundle/check-size.ts'
import { specifiersOf } from '../bench/bundle/trace.ts'
import { gpuReport, refusalOf } from '../bench/gpu.ts'
import { fillRound } from '../bench/lesson-files.ts'
import { readOptions } from '../bench/options.ts'
import { peakModule } from '../bench/peak.ts'
import { chosenEntries } from '../bench/roster.ts'
import { curveDistance, median, pairedRatio, spread, stepsFor } from '../bench/statistics.ts'
import { type LessonResult, lessonTable, type Row } from '../bench/table.ts'
import { BATCH_SIZES, ROWS, stepFlops } from '../bench/work.ts'

test('the median is the middle value, or the mean of the middle two', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(median([])).toBeNaN()
})

test('a spread has median, min and max, and says what to do about nothing', () => {
  expect(spread([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 })
  expect(() => spread([])).toThrow('spread: expected at least one value, got none. Run one round or more.')
})

test('ratios are paired by round, so a slow moment of the machine falls on both', () => {
  expect(pairedRatio([20, 60, undefined, 40], [10, 30, 10, undefined])).toBe(2)
  expect(pairedRatio([undefined], [1])).toBeNaN()
})

test('two loss curves are as far apart as at their worst common step', () => {
  expect(curveDistance([2, 1.1], [2, 1, 0.5])).toBeCloseTo(0.1, 12)
  expect(curveDistance([Number.NaN], [1])).toBe(Number.POSITIVE_INFINITY)
  expect(curveDistance([], [1])).toBeNaN()
})

test('a repetition has at least one step and not too many', () => {
  expect([stepsFor(1, 43_000, 400), stepsFor(1, 10, 400), stepsFor(1, 0.1, 400)]).toEqual([1, 100, 400])
})

test("a perceptron's step is 0.103 GFLOP: three products a layer, two for the first", () => {
  const sizes = [784, 512, 512, 10]
  const layers = [0, 1, 2].map((i) => ({ layer: `${i}`, multiplyAdds: (sizes[i] ?? 0) * (sizes[i + 1] ?? 0) }))
  expect(stepFlops(layers, 32)).toBe(2 * 32 * (3 * 668_672 - 784 * 512))
  expect(stepFlops(layers, 32) / 1e9).toBeCloseTo(0.103, 3)
})

test('the kernel that measures the peak is a valid module that multiplies and adds', () => {
  const { bench } = new WebAssembly.Instance(new WebAssembly.Module(peakModule())).exports
  if (typeof bench !== 'function') throw new Error('expected a function')
  // Twelve chains of four lanes start at 0.5; one round adds 0.25. The first lane of their sum is returned.
  expect(bench(1)).toBe(12 * 0.75)
})

test('the command says what it can measure', () => {
  expect(() => readOptions([], 'out')).toThrow('expected what to measure: cpu or gpu; got nothing.')
  expect(() => readOptions(['cpu', '--lesson', 'x'], 'out')).toThrow('--lesson: expected perceptron or network, got x.')
  expect(() => readOptions(['gpu', '--lesson', 'x'], 'out')).toThrow(
    'expected perceptron or network or augmented, got x.',
  )
  expect(() => readOptions(['cpu', '--software'], 'out')).toThrow('--software: expected with gpu alone, got cpu.')
  expect(() => readOptions(['gpu', '--batch', '33'], 'out')).toThrow('--batch: expected a power of two from 32 to 1024')
  expect(() => readOptions(['cpu', '--rounds', '0'], 'out')).toThrow('--rounds: expected a number above 0, got 0.')
  expect(readOptions(['cpu', '--quick'], 'out').out).toBeUndefined()
  expect(readOptions(['cpu', '--skip', 'tfjs-cpu-network,jax'], 'out')).toMatchObject({
    skip: ['tfjs-cpu-network', 'jax'],
    out: 'out',
    rounds: 9,
  })
})

test('on the GPU three lessons at three batch sizes; on software one, shortened, and nothing is written', () => {
  expect(readOptions(['gpu'], 'out')).toMatchObject({
    lessons: ['perceptron', 'network', 'augmented'],
    batchSizes: [32, 128, 1024],
    rounds: 9,
    out: 'out',
  })
  expect(readOptions(['gpu', '--software'], 'out')).toMatchObject({
    lessons: ['perceptron'],
    batchSizes: [32],
    rounds: 1,
    quick: true,
    out: undefined,
  })
  expect(readOptions(['gpu', '--batch', '64,1024', '--lesson', 'augmented'], 'out')).toMatchObject({
    lessons: ['augmented'],
    batchSizes: [64, 1024],
  })
})

test('the prepared rows are whole batches of every size', () => {
  for (const target of ['cpu', 'gpu'] as const) {
    for (const size of BATCH_SIZES[target]) expect(ROWS[target] % size).toBe(0)
  }
})

test('rows are read round and round', () => {
  expect([...fillRound(new Uint32Array(7), Uint32Array.of(1, 2, 3), 5)]).toEqual([3, 1, 2, 3, 1, 2, 3])
})

test('who runs depends on the target and on how quick it shall be; the compiled engine always does', () => {
  const ids = (...args: string[]): string[] => chosenEntries(readOptions(args, 'out'), 'network').map(({ id }) => id)
  expect(ids('gpu')).toEqual(
    expect.arrayContaining(['gicho', 'torch', 'torch-graphs', 'jax', 'keras-jax', 'keras-torch']),
  )
  expect(ids('gpu', '--software')).toEqual(['gicho', 'gicho-float16', 'gicho-eager', 'tfjs-webgpu'])
  expect(ids('gpu', '--only', 'torch')).toEqual(['gicho', 'torch'])
  expect(ids('cpu', '--quick')).not.toContain('tfjs-cpu')
  expect(() => ids('gpu', '--skip', 'torch-compile')).toThrow(
    'torch-compile: no such row. Known are gicho, gicho-float16',
  )
})

test('full float32 is asked of every Python peer on the GPU', () => {
  const python = chosenEntries(readOptions(['gpu'], 'out'), 'network').filter(({ family }) => family === 'python')
  for (const { start } of python) {
    expect(start.env).toMatchObject({ NVIDIA_TF32_OVERRIDE: '0', JAX_DEFAULT_MATMUL_PRECISION: 'highest' })
  }
})

test('without a GPU nothing is measured, and the reason is said', () => {
  expect(refusalOf({ available: true, device: 'a card' })).toBeUndefined()
  expect(refusalOf({ available: false, reason: 'This machine has no Vulkan loader. Install it.' })).toBe(
    'no GPU to measure: This machine has no Vulkan loader. Install it. With --software a software adapter shows correctness, not speed.',
  )
})

const row: Row = {
  id: 'gicho',
  title: 'gicho compiled, all cores',
  version: '0.0.0',
  threads: 2,
  msPerStep: { median: 1.234, min: 1.1, max: 1.5 },
  rounds: [1.1, 1.234, 1.5],
  stepsPerRound: 100,
  gflops: 83.4,
  peakShare: 0.71,
  ratio: 1,
  lossDistance: 2e-7,
  comparedSteps: 20,
  importSeconds: 0.1,
  firstStepSeconds: 0.12,
  rssBytes: 200 * 2 ** 20,
  engineBytes: 54 * 2 ** 20,
  notes: [],
  losses: [],
  roundLosses: [],
}

test('a lesson is a Markdown table with its notes, and what did not run', () => {
  const wrong: Row = {
    ...row,
    id: 'other',
    title: 'other',
    msPerStep: { median: 1234, min: 1200, max: 1300 },
    ratio: 1000,
    lossDistance: 0.02,
    engineBytes: null,
    form: 'fit, jit',
  }
  const result: LessonResult = {
    title: 'Lesson',
    batchSize: 32,
    gflopPerStep: 0.103,
    reference: 'gicho',
    rows: [row, wrong],
    absent: [{ id: 'torch', title: 'PyTorch', reason: 'ended with code 1:\nNo module named torch' }],
  }
  expect(lessonTable(result, 'cpu')).toMatchInlineSnapshot(`
    "| engine                    | threads | ms/step |  min |  max | GFLOP/s | of 128-bit peak | times gicho | losses differ by | first step s | RSS MiB | engine MiB |
    |---------------------------|--------:|--------:|-----:|-----:|--------:|----------------:|------------:|-----------------:|-------------:|--------:|-----------:|
    | gicho compiled, all cores |       2 |    1.23 | 1.10 | 1.50 |    83.4 |           71.0% |        1.00 |        2e-7 (20) |         0.12 |     200 |         54 |
    | other                     |       2 |    1234 | 1200 | 1300 |    83.4 |           71.0% |        1000 |        2e-2 (20) |         0.12 |     200 |            |

    - other: fit, jit, the fastest of its forms.
    - other: its losses over 20 steps differ by more than 0.001: not the same training.
    - PyTorch did not run: ended with code 1: No module named torch"
  `)
})

test("a GPU's table has no threads, and one of a software adapter says what it is not", () => {
  const result: LessonResult = {
    title: 'Lesson, batches of 128',
    batchSize: 128,
    gflopPerStep: 0.412,
    reference: 'gicho',
    rows: [{ ...row, title: 'gicho on WebGPU', gflops: 12_345, peakShare: null, engineBytes: null }],
    absent: [{ id: 'keras-jax', title: 'Keras on JAX', reason: 'no draws' }],
  }
  const machine = { cpu: 'CPU', cores: 2, memoryGiB: 8, platform: 'linux x64', node: '24', v8: '1' }
  const about = { startedAt: '2026-01-02T03:04:05Z', machine, adapter: 'adapter', card: undefined, software: true }
  expect(gpuReport({ ...about, results: { 'perceptron-128': result } })).toMatchInlineSnapshot(`
    "# The GPU, side by side

    **Correctness only**: a few steps with \`--software\`. The times say nothing about speed.

    2026-01-02 03:04 UTC; adapter; CPU, 2 cores, linux x64, Node 24. Full float32 everywhere, TF32 off.

    ## Lesson, batches of 128

    0.412 GFLOP a step; losses are compared with those of gicho.

    | engine          | ms/step |  min |  max | GFLOP/s | times gicho | losses differ by | first step s | RSS MiB |
    |-----------------|--------:|-----:|-----:|--------:|------------:|-----------------:|-------------:|--------:|
    | gicho on WebGPU |    1.23 | 1.10 | 1.50 |   12345 |        1.00 |        2e-7 (20) |         0.12 |     200 |

    - Keras on JAX did not run: no draws

    Versions: gicho on WebGPU 0.0.0.
    "
  `)
})

test('a bundle takes what a file imports, requires or starts as a worker', () => {
  const text = `import a, { b } from './a.js'
import "side-effect"
export * from '@scope/name/part'
const c = await import('./c.js'), d = require("d")
import { join } from 'node:path'; import fs from 'fs'
new Worker(new URL("./worker.js", import.meta.url)); new URL('./folder/', import.meta.url)
fetch('https://example.com/x.js')`
  expect(specifiersOf(text)).toEqual(['./a.js', 'side-effect', '@scope/name/part', './c.js', 'd', './worker.js'])
})

test('a bundle of more than 60 MB is refused', () => {
  expect(checkSize([{ name: 'a', bytes: 50e6 }])).toBe('50.0 MB (a 50.0 MB)')
  expect(() =>
    checkSize([
      { name: 'a', bytes: 50e6 },
      { name: 'b', bytes: 11e6 },
    ]),
  ).toThrow('bundle: expected at most 60.0 MB, got 61.0 MB (a 50.0 MB, b 11.0 MB). Leave wheels out.')
})
