import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ImageDataGenerator, type ImageDataGeneratorOptions } from '../src/index.ts'
import { asShape, digest, goldenImage, type ImageKind, keptPixels, ulpsApart } from './golden-images.ts'

interface ImageCase {
  readonly options: ImageDataGeneratorOptions
  readonly kind: ImageKind
  readonly shape: readonly number[]
  readonly sha256: string
  readonly pixels: readonly number[]
}

function cases(file: string): readonly ImageCase[] {
  const text = readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8')
  return JSON.parse(text).cases
}

/** Largest distance of the kept pixels in ulps, and whether every pixel's bits are Keras'. */
function compare({ options, kind, shape, sha256, pixels }: ImageCase, seed: number): { ulps: number; same: boolean } {
  const generator = new ImageDataGenerator(options)
  const made = generator.randomTransform(goldenImage(kind, seed, shape), asShape(shape), seed)
  const ulps = keptPixels(made).map((pixel, i) => ulpsApart(pixel, pixels[i] ?? Number.NaN))
  return { ulps: Math.max(...ulps), same: digest(made) === sha256 }
}

test('random images of 320 random settings equal those of Keras and scipy to the bit', () => {
  const results = cases('images.json').map((golden, i) => ({ i, ...compare(golden, i) }))
  expect(results).toHaveLength(320)
  expect(results.filter(({ ulps }) => !(ulps <= 1))).toEqual([])
  expect(results.filter(({ same }) => !same)).toEqual([])
})

test("brightness in the mode 'keras' equals that of Keras and Pillow to the bit", () => {
  const results = cases('brightness.json').map((golden, i) => ({ i, ...compare(golden, i) }))
  expect(results).toHaveLength(60)
  expect(results.filter(({ same }) => !same)).toEqual([])
})
