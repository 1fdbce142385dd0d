import { fillModes, type ImageShape, sgd } from '@gicho/core'
import { wasmEngine } from '@gicho/engine/wasm'
import { layers } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainAugmentation, randomDraws, sampleThrough } from './augmented-input.ts'
import { jobFor, smallSpec } from './samples.ts'
import { bitsOf, drawnSpec, images, stepJob, withSession } from './wasm-samples.ts'

const engine = wasmEngine({ threads: 1 })

test('the kernel has the bits of the reference, for every mode, size and number of channels', async () => {
  const size = fc.integer({ min: 1, max: 11 })
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(size, size, fc.constantFrom(1, 2, 3, 4)),
      fc.constantFrom(...fillModes),
      fc.constantFrom(0.1, 0.7, 3),
      fc.nat(),
      fc.boolean(),
      async (shape: ImageShape, fillMode, reach, seed, flat) => {
        const augmentation = { ...plainAugmentation, fillMode, cval: 0.375 }
        const draws = randomDraws(seed, 5, shape, reach)
        const { seen, expected } = await sampleThrough(engine, { shape, draws, augmentation, flat })
        expect(seen).toEqual(expected)
      },
    ),
    { numRuns: 60 },
  )
})

test.each([
  ['plain SIMD', { relaxedSimd: false }],
  ['unshared memory', { sharedMemory: false }],
])('so has the build for %s', async (_, options) => {
  const shape = [28, 28, 1] as const
  const draws = randomDraws(7, 6, shape, 0.2)
  const request = { shape, draws, augmentation: plainAugmentation }
  const { seen, expected } = await sampleThrough(wasmEngine({ threads: 1, ...options }), request)
  expect(seen).toEqual(expected)
})

test('draws so wild that no digit is left for pixels read something, and nothing beside the image', async () => {
  for (const fillMode of fillModes) {
    const draws = randomDraws(3, 4, [5, 7, 1], 1e200)
    const { seen } = await sampleThrough(engine, {
      shape: [5, 7, 1],
      draws,
      augmentation: { ...plainAugmentation, fillMode },
    })
    // Bytes are 0.125 .. 1.125 here, and what lies outside is 0 at least.
    expect(seen.every((value) => value >= 0 && value <= 1.126)).toBe(true)
  }
})

test('a convolution sees its zeros around the sampled image, and any number of threads gives the same bits', async () => {
  const data = images([9, 11, 1], 24, 4)
  const spec = await drawnSpec(
    [9, 11, 1],
    [
      layers.conv2d({ filters: 5, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers.flatten(),
      layers.dense({ units: 4, activation: 'softmax' }),
    ],
  )
  const draws = randomDraws(1, 24, data.shape, 0.3)
  const bits: string[] = []
  for (const threads of [1, 2, 3, 4]) {
    const job = stepJob(spec, data, { batchSize: 7, augment: plainAugmentation })
    await withSession(wasmEngine({ threads }), job, data, async (session) => {
      const order = Uint32Array.from({ length: 24 }, (_, i) => 23 - i)
      await session.train({ order, firstStep: 0, learningRate: 0.1, draws })
      bits.push(bitsOf(await session.readWeights()))
    })
  }
  expect(new Set(bits).size).toBe(1)
})

test('validation and prediction see the images as they are', async () => {
  const data = images([8, 8, 1], 20, 10)
  const job = jobFor(await smallSpec(), { optimizer: sgd() })
  const of = (augment: boolean) =>
    withSession(engine, augment ? { ...job, augment: plainAugmentation } : job, data, async (session) => [
      await session.evaluate('train'),
      await session.predict(data.images),
    ])
  expect(await of(true)).toEqual(await of(false))
})

test('draws are asked for, refused and checked by name', async () => {
  const data = images([8, 8, 1], 20, 10)
  const job = jobFor(await smallSpec())
  const request = { order: Uint32Array.of(0, 1), firstStep: 0, learningRate: 0.1 }
  await withSession(engine, { ...job, augment: plainAugmentation }, data, async (session) => {
    await expect(session.train(request)).rejects.toThrow('draws: the job augments, so expected draws, got none')
    const draws = randomDraws(1, 2, [8, 8, 1], 0.1)
    await expect(session.train({ ...request, draws: draws.subarray(1) })).rejects.toThrow(
      'draws: expected 9 numbers for each of 2 rows, got 17.',
    )
    draws[10] = Number.NaN
    await expect(session.train({ ...request, draws })).rejects.toThrow('got NaN in row 1, number 1.')
  })
  await withSession(engine, job, data, async (session) => {
    await expect(session.train({ ...request, draws: randomDraws(1, 2, [8, 8, 1], 0.1) })).rejects.toThrow(
      "draws: got draws, but the job doesn't augment.",
    )
  })
})

test('a model that takes its images in another shape is refused', async () => {
  const data = images([8, 8, 1], 20, 10)
  const spec = await drawnSpec([16, 4, 1], [layers.flatten(), layers.dense({ units: 10, activation: 'softmax' })])
  const job = jobFor(spec, { augment: plainAugmentation, input: { shape: [16, 4, 1], scale: 1, offset: 0 } })
  await expect(engine.open(job, { train: data })).rejects.toThrow('augment: images of shape (8, 8, 1) are transformed')
})

test('what is not compiled goes to another engine by name', async () => {
  const job = jobFor(await smallSpec())
  const issues = engine.supports({
    ...job,
    augment: { ...plainAugmentation, shiftsChannels: true, changesBrightness: true, standardize: (image) => image },
  })
  expect(issues.map(({ where, message }) => `${where}: ${message}`)).toEqual([
    'augment: channel shifts are not compiled',
    'augment: changes of brightness are not compiled',
    'augment: normalising behind the transformation is not compiled',
  ])
})
