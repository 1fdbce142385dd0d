import { RandomState } from '@gicho/core'
import { expect, test } from 'vitest'
import { identityDraw } from './draw.ts'
import { ImageDataGenerator, type ImageDataGeneratorOptions } from './image-data-generator.ts'

// That draws, images and batches are Keras' is shown in ../test.

const shape = [2, 2, 1] as const
const images = Uint8Array.of(0, 10, 20, 30, 40, 50, 60, 70)

function warned(options: ImageDataGeneratorOptions): { generator: ImageDataGenerator; warnings: string[] } {
  const warnings: string[] = []
  const generator = new ImageDataGenerator({ ...options, onWarning: (message) => warnings.push(message) })
  return { generator, warnings }
}

test('a replayed draw makes the same image', () => {
  const generator = new ImageDataGenerator({ rotationRange: 90, zoomRange: 0.5, seed: 3 })
  const image = images.subarray(0, 4)
  const made = generator.randomTransform(image, shape, 17)
  const draw = JSON.parse(JSON.stringify(generator.getRandomTransform(shape, 17)))
  expect(generator.applyTransform(image, shape, draw)).toEqual(made)
})

test('applyTransform leaves the image alone, and what is missing in a draw changes nothing', () => {
  const generator = new ImageDataGenerator()
  const image = Float32Array.of(1, 2, 3, 4)
  expect([...generator.applyTransform(image, shape, { flipHorizontal: true })]).toEqual([2, 1, 4, 3])
  expect([...image]).toEqual([1, 2, 3, 4])
})

test('a seed makes a generator repeatable, and a shared RandomState is shared', () => {
  const [a, b] = [1, 1].map((seed) => new ImageDataGenerator({ rotationRange: 10, seed }))
  expect(a?.getRandomTransform(shape)).toEqual(b?.getRandomTransform(shape))
  const random = new RandomState(1)
  const left = new ImageDataGenerator({ rotationRange: 10, seed: random })
  const right = new ImageDataGenerator({ rotationRange: 10, seed: random })
  expect(left.getRandomTransform(shape)).not.toEqual(right.getRandomTransform(shape))
  expect(left.random).toBe(right.random)
})

test('without a seed two generators differ', () => {
  const draws = [1, 2, 3].map(() => new ImageDataGenerator({ rotationRange: 10 }).getRandomTransform(shape).theta)
  expect(new Set(draws).size).toBeGreaterThan(1)
})

test('standardize runs in Keras order: function, rescale, samplewise', () => {
  const generator = new ImageDataGenerator({
    preprocessingFunction: (image) => image.map((value) => value + 2),
    rescale: 0.5,
    samplewiseCenter: true,
  })
  expect([...generator.standardize(Float32Array.of(0, 2, 4, 6), shape)]).toEqual([-1.5, -0.5, 0.5, 1.5])
  expect([...generator.standardize(Uint8Array.of(0, 2, 4, 6), shape)]).toEqual([-1.5, -0.5, 0.5, 1.5])
})

test('standardize changes a float image in place, as Keras does', () => {
  const image = Float32Array.of(0, 2, 4, 6)
  expect(new ImageDataGenerator({ rescale: 0.5 }).standardize(image, shape)).toBe(image)
  expect([...image]).toEqual([0, 1, 2, 3])
})

test('featurewise statistics may be stored and set', () => {
  const { generator } = warned({ featurewiseCenter: true, featurewiseStdNormalization: true })
  generator.fit({ images, shape })
  expect([...(generator.fitted.mean ?? [])]).toEqual([35])
  const { generator: other, warnings } = warned({ featurewiseCenter: true, featurewiseStdNormalization: true })
  other.fitted = generator.fitted
  const image = images.subarray(0, 4)
  expect(other.standardize(image, shape)).toEqual(generator.standardize(image, shape))
  expect(warnings).toEqual([])
})

test('fit without anything to learn only draws', () => {
  const generator = new ImageDataGenerator({ rotationRange: 10 })
  generator.fit({ images, shape }, { augment: true, seed: 4 })
  const random = new RandomState(4)
  for (let i = 0; i < 6; i++) random.random() // theta and two flips for each of two images
  expect(generator.random.snapshot()).toEqual(random.snapshot())
  expect(generator.fitted).toEqual({ mean: null, std: null, whitening: null })
})

test('fit on treated bytes learns in treated units', () => {
  const { generator } = warned({ featurewiseCenter: true })
  generator.fit({ images, shape }, { input: { scale: 0.1, offset: 1 } })
  expect(generator.fitted.mean?.[0]).toBeCloseTo(4.5, 6) // float32
})

test('settings that imply others warn, as in Keras', () => {
  expect(warned({ zcaWhitening: true, featurewiseStdNormalization: true }).warnings).toEqual([
    'ImageDataGenerator: zcaWhitening sets featurewiseCenter to true.',
    'ImageDataGenerator: zcaWhitening sets featurewiseStdNormalization to false.',
  ])
  expect(warned({ samplewiseStdNormalization: true }).warnings).toEqual([
    'ImageDataGenerator: samplewiseStdNormalization sets samplewiseCenter to true.',
  ])
  expect(warned({ featurewiseStdNormalization: true }).warnings).toEqual([
    'ImageDataGenerator: featurewiseStdNormalization sets featurewiseCenter to true.',
  ])
})

test('what was not fitted warns and does nothing', () => {
  const { generator, warnings } = warned({ featurewiseCenter: true, featurewiseStdNormalization: true })
  expect([...generator.standardize(Float32Array.of(1, 2, 3, 4), shape)]).toEqual([1, 2, 3, 4])
  expect(warnings).toEqual([
    'ImageDataGenerator: featurewiseCenter, featurewiseStdNormalization does nothing before fit(data) was called.',
  ])
})

test('an unusual number of channels warns', () => {
  const { generator, warnings } = warned({})
  generator.flow({ images, shape: [2, 2, 2] })
  expect(warnings).toEqual(['ImageDataGenerator: expected images of 1, 3 or 4 channels, got 2.'])
})

test('wrong settings and images are refused', () => {
  const generator = new ImageDataGenerator()
  expect(() => new ImageDataGenerator({ validationSplit: 1 })).toThrow(
    'validationSplit: expected a share from 0 to below 1, got 1.',
  )
  expect(() => new ImageDataGenerator({ rescale: Number.NaN })).toThrow('rescale: expected a finite number, got NaN.')
  expect(() => new ImageDataGenerator({ cval: Number.NaN })).toThrow('cval: expected a finite number, got NaN.')
  expect(() => generator.applyTransform(images, shape, {})).toThrow('image: expected one of 2x2x1, got 8 values.')
  expect(() => generator.applyTransform(images, [2, 4, 1], { ...identityDraw, tx: Number.NaN })).toThrow(
    'draw: expected a finite number for tx, got NaN.',
  )
  expect(() => generator.fit({ images: new Uint8Array(0), shape })).toThrow(
    'fit: expected at least one image, got none.',
  )
  expect(() => generator.fit({ images, shape }, { rounds: 0 })).toThrow('fit: expected whole rounds >= 1, got 0.')
})

test('a preprocessing function that returns something else is refused', () => {
  const wrong = new ImageDataGenerator({ preprocessingFunction: () => new Float32Array(3) })
  expect(() => wrong.standardize(new Float32Array(4), shape)).toThrow(
    'preprocessingFunction: expected a Float32Array of 4 values (2x2x1) back, got 3 values.',
  )
})

test('images of another shape than the fitted ones are refused', () => {
  const { generator } = warned({ zcaWhitening: true })
  generator.fit({ images, shape })
  expect(() => generator.standardize(images, [2, 4, 1])).toThrow(
    'standardize: expected images like those that were fitted, got 2x4x1. Call fit with such images.',
  )
})

test('an option that a generator, its fit or its flow does not have is refused with the one that was meant', () => {
  const misspelt = (name: string): object => ({ [name]: 1 })
  expect(() => new ImageDataGenerator(misspelt('rotation_range'))).toThrow(
    'ImageDataGenerator: there is no option rotation_range. Did you mean rotationRange?',
  )
  const generator = new ImageDataGenerator()
  const data = { images: Uint8Array.of(1), shape: [1, 1, 1] as const }
  expect(() => generator.fit(data, misspelt('round'))).toThrow('Did you mean rounds?')
  expect(() => generator.flow(data, misspelt('batchsize'))).toThrow('Did you mean batchSize?')
})
