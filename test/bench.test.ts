import { expect, test } from 'vitest'
import { readOptions } from '../bench/options.ts'
import { peakModule } from '../bench/peak.ts'
import { curveDistance, median, pairedRatio, spread, stepsFor } from '../bench/statistics.ts'
import { type LessonResult, lessonTable, type Row } from '../bench/table.ts'
import { stepFlops } from '../bench/work.ts'

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
  expect(() => readOptions([], 'out')).toThrow('expected what to measure: cpu; got nothing.')
  expect(() => readOptions(['cpu', '--lesson', 'x'], 'out')).toThrow('--lesson: expected perceptron or network, got x.')
  expect(() => readOptions(['cpu', '--rounds', '0'], 'out')).toThrow('--rounds: expected a number above 0, got 0.')
  expect(readOptions(['cpu', '--quick'], 'out').out).toBeUndefined()
  expect(readOptions(['cpu', '--skip', 'tfjs-cpu-network,jax'], 'out')).toMatchObject({
    skip: ['tfjs-cpu-network', 'jax'],
    out: 'out',
    rounds: 9,
  })
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
    gflopPerStep: 0.103,
    reference: 'gicho',
    rows: [row, wrong],
    absent: [{ id: 'torch', title: 'PyTorch', reason: 'ended with code 1:\nNo module named torch' }],
  }
  expect(lessonTable(result)).toMatchInlineSnapshot(`
    "| engine                    | threads | ms/step |  min |  max | GFLOP/s | of 128-bit peak | times gicho | losses differ by | first step s | RSS MiB | engine MiB |
    |---------------------------|--------:|--------:|-----:|-----:|--------:|----------------:|------------:|-----------------:|-------------:|--------:|-----------:|
    | gicho compiled, all cores |       2 |    1.23 | 1.10 | 1.50 |    83.4 |           71.0% |        1.00 |        2e-7 (20) |         0.12 |     200 |         54 |
    | other                     |       2 |    1234 | 1200 | 1300 |    83.4 |           71.0% |        1000 |        2e-2 (20) |         0.12 |     200 |            |

    - other: fit, jit, the fastest of its forms.
    - other: its losses over 20 steps differ by more than 0.001: not the same training.
    - PyTorch did not run: ended with code 1: No module named torch"
  `)
})
