import { sgd, unitRange } from '@gicho/core'
import { layers } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { explainPlan } from '../dist/wasm.node.js'
import { jobFor, network, smallSpec, specOf } from './samples.ts'
import { drawnSpec } from './wasm-samples.ts'

test('a plan prints what was fused, each call by its stage, and the totals of a step', async () => {
  const listing = explainPlan(jobFor(await smallSpec(), { optimizer: sgd() }))
  expect(listing).toContain('train, batches of 16\n')
  expect(listing).toContain('\nhidden: dense + relu + dropout 0.25\nclasses: dense\n')
  const lines = listing.split('\n')
  expect(lines.find((line) => line.includes('reads -> writes'))).toMatch(
    /^stage +kernel +tiles +MFLOP +touches +reads -> writes$/,
  )
  expect(lines.find((line) => line.includes('gather'))).toMatch(/^ +1 +gather +16 +[\d.]+ KiB +train images, bytes -> /)
  // 16 rows x 64 inputs x 16 units, twice for multiply and add.
  const [first] = lines.filter((line) => line.includes(' gemm '))
  expect(first).toMatch(/^ +2 +gemm +2 +0\.03 +[\d.]+ KiB +.*hidden\/kernel, hidden\/bias -> /)
  // Forward 16 (64 x 16 + 16 x 12); both kernels' gradients as much again, and the second one's input: twelve of ten units are stored.
  const products = 16 * 2 * (2 * (64 * 16 + 16 * 12) + 16 * 12)
  expect(listing).toContain(`${(products / 1e6).toFixed(1)} MFLOP a step in products`)
  expect(listing).toMatch(/\n\d+ stages, \d+ calls\n/)
  expect(listing).toMatch(/[\d.]+ KiB of memory, shared by [\d.]+ KiB of values in turn$/)
})

test('the listing of lesson 3’s network names its fusions and takes a batch size', async () => {
  const job = jobFor(await specOf(network()), { input: unitRange([28, 28, 1]) })
  const listing = explainPlan(job, { batchSize: 32 })
  expect(listing).toContain('train, batches of 32')
  expect(listing).toMatch(/: conv2d \+ relu \+ batchNorm \+ maxPool2d\n/)
  expect(listing).toMatch(/: conv2d \+ relu \+ dropout 0.2\n/)
  expect(listing).toMatch(/: dense \+ relu \+ dropout 0.3\n/)
  expect(listing).toMatch(/winogradConv +32 /)
  const flops = Number(/([\d.]+) MFLOP a step/.exec(listing)?.[1])
  const small = Number(/([\d.]+) MFLOP a step/.exec(explainPlan(job, { batchSize: 8 }))?.[1])
  expect(flops / small).toBeCloseTo(4, 1)
})

test('what cannot be compiled is refused with the reasons', async () => {
  const spec = await drawnSpec(
    [8, 8, 3],
    [layers.flatten(), layers.alphaDropout({ rate: 0.5 }), layers.dense({ units: 3, activation: 'softmax' })],
  )
  const job = jobFor(spec, { input: unitRange([8, 8, 3]) })
  expect(() => explainPlan(job)).toThrow(
    /^engine wasm can't run this model\.\n.*AlphaDropout layers aren't compiled yet/,
  )
  expect(() => explainPlan(job, { batchSize: 0 })).toThrow('batchSize: expected a whole number >= 1, got 0.')
})
