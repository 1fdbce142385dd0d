import '@tensorflow/tfjs-backend-cpu'
import { readFile } from 'node:fs/promises'
import { unitRange } from '@gicho/core'
import { tfjsEngine } from '@gicho/engine/tfjs'
import { aslCnn, aslMlp, mnistMlp, type SavedModel } from '@gicho/models'
import { decodeImage, imageToInput, rescale, turnUpright } from '@gicho/preprocess'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeAll, expect, test } from 'vitest'
import { predictImage, predictPictures, seenBy } from './predict-image.ts'
import { predictLetter } from './predict-letter.ts'

const LETTERS = [...'abcdefghiklmnopqrstuvwxy']
const engine = tfjsEngine({ backend: 'cpu' })
let photo: Uint8Array
let letters: SavedModel

beforeAll(async () => {
  photo = await readFile(new URL('../../preprocess/fixtures/images/photo-size.jpg', import.meta.url))
  letters = { model: aslMlp({ seed: 3 }), classNames: LETTERS, input: unitRange([784]) }
})

/** What plain tfjs makes of the same pixels. */
function probabilities(model: tfl.LayersModel, pixels: Uint8Array, shape: number[]): number[] {
  return tf.tidy(() => {
    const output = model.predict(tf.tensor(rescale(pixels), [1, ...shape]))
    return Array.isArray(output) ? [] : [...output.dataSync()]
  })
}

test('a photo is decoded, brought to size, scaled as in training, and its classes are ranked', async () => {
  const { label, probability, top, seen } = await predictImage(letters, photo, { engine, top: 24 })
  const pixels = imageToInput(await decodeImage(photo), [28, 28, 1])
  expect(seen).toEqual({ title: 'image', pixels, shape: [28, 28, 1] })
  const expected = probabilities(letters.model, pixels, [784])
  const best = expected.indexOf(Math.max(...expected))
  expect(label).toBe(LETTERS[best])
  expect(top[0]).toEqual({ label, probability })
  for (const ranked of top) expect(ranked.probability).toBeCloseTo(expected[LETTERS.indexOf(ranked.label)] ?? -1, 6)
  const ranks = top.map((ranked) => ranked.probability)
  expect(ranks).toEqual(ranks.toSorted((a, b) => b - a))
  expect(await predictLetter(photo, { model: letters, engine })).toBe(label)
})

test('three classes are ranked unless more or fewer are asked for', async () => {
  expect((await predictImage(letters, photo, { engine })).top).toHaveLength(3)
  expect((await predictImage(letters, photo, { engine, top: 1 })).top).toHaveLength(1)
  expect((await predictImage(letters, photo, { engine, top: 99 })).top).toHaveLength(24)
  await expect(predictImage(letters, photo, { engine, top: 0 })).rejects.toThrow(
    'top: expected a whole number >= 1, got 0.',
  )
})

test('a convolutional model and decoded pixels do as well', async () => {
  const cnn = { model: aslCnn({ seed: 1 }), classNames: LETTERS, input: unitRange([28, 28, 1]) }
  const hand = await decodeImage(photo)
  const { seen, top } = await predictImage(cnn, hand, { engine })
  const expected = probabilities(cnn.model, seen.pixels, [28, 28, 1])
  expect(top[0]?.probability).toBeCloseTo(Math.max(...expected), 5)
})

test('a model of three channels sees colours', async () => {
  const model = tfl.sequential()
  model.add(tfl.layers.flatten({ inputShape: [8, 6, 3] }))
  model.add(tfl.layers.dense({ units: 2, activation: 'softmax' }))
  const colours = { model, classNames: ['warm', 'cold'], input: unitRange([8, 6, 3]) }
  const { seen } = await predictImage(colours, photo, { engine })
  expect(seen.shape).toEqual([8, 6, 3])
  expect(seen.pixels).toEqual(imageToInput(await decodeImage(photo), [8, 6, 3]))
})

test('several pictures are predicted at once as they are one by one', async () => {
  const names = ['rgb.png', '420.jpg', 'lossy.webp']
  const files = await Promise.all(
    names.map((name) => readFile(new URL(`../../preprocess/fixtures/images/${name}`, import.meta.url))),
  )
  const pictures = await Promise.all(files.map((file, i) => seenBy(letters, file, names[i])))
  const together = await predictPictures(letters, pictures, { engine })
  expect(together.map(({ seen }) => seen.title)).toEqual(names)
  for (const [i, file] of files.entries()) {
    const alone = await predictImage(letters, file, { engine })
    expect(together[i]?.label).toBe(alone.label)
    expect(together[i]?.probability).toBeCloseTo(alone.probability, 6)
  }
})

test('a photo that lies on its side is turned by its EXIF orientation, unless its pixels are wanted as stored', async () => {
  for (const name of ['exif-6.jpg', 'exif-5-alpha.png', 'exif-8.webp']) {
    const file = await readFile(new URL(`../../preprocess/fixtures/images/${name}`, import.meta.url))
    const stored = await decodeImage(file)
    const upright = imageToInput(turnUpright(stored), [28, 28, 1])
    const lying = imageToInput(stored, [28, 28, 1])
    expect(upright).not.toEqual(lying)
    for (const image of [file, stored]) {
      expect((await seenBy(letters, image)).pixels).toEqual(upright)
      expect((await seenBy(letters, image, name, { imageOrientation: 'none' })).pixels).toEqual(lying)
    }
    expect((await predictImage(letters, file, { engine })).seen.pixels).toEqual(upright)
    expect((await predictImage(letters, file, { engine, imageOrientation: 'none' })).seen.pixels).toEqual(lying)
    expect(await predictLetter(file, { model: letters, engine, imageOrientation: 'none' })).toBe(
      await predictLetter({ ...stored, orientation: 1 }, { model: letters, engine }),
    )
  }
})

test('a model without class names or input treatment is refused with what to do', async () => {
  const plain: unknown = letters.model
  // @ts-expect-error a program in JavaScript may pass what it likes
  await expect(predictImage(plain, photo)).rejects.toThrow(
    'predictImage: expected a saved model with class names and input treatment, got one without. ' +
      'Save it with saveModel, naming both, and pass what loadModel gives.',
  )
  await expect(predictLetter(photo, { model: { ...letters, classNames: [] } })).rejects.toThrow('got one without.')
})

test('predictLetter wants letters', async () => {
  const classNames = Array.from({ length: 10 }, (_, digit) => String(digit))
  const digits = { model: mnistMlp({ seed: 1 }), classNames, input: unitRange([784]) }
  await expect(predictLetter(photo, { model: digits })).rejects.toThrow(
    'predictLetter: expected a model whose classes are single letters, got one with the class "0". Use predictImage.',
  )
  expect((await predictImage(digits, photo, { engine })).label).toMatch(/^\d$/)
})

test('a model that takes no image, class names of another model, and damaged weights, are named', async () => {
  const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 24, inputShape: [10], activation: 'softmax' })] })
  await expect(predictImage({ ...letters, model, input: unitRange([10]) }, photo)).rejects.toThrow(
    'got one that takes (10,).',
  )
  await expect(predictImage({ ...letters, classNames: ['a'] }, photo, { engine })).rejects.toThrow(
    'expected 1 outputs, one for each class name, got 24.',
  )
  const broken = aslMlp({ seed: 3 })
  broken.setWeights(broken.getWeights().map((weight) => tf.fill(weight.shape, Number.NaN)))
  await expect(predictImage({ ...letters, model: broken }, photo, { engine })).rejects.toMatchObject({
    code: 'not-finite',
    message: expect.stringContaining('expected 24 probabilities from the model'),
  })
})

test('a picture for another model, and a file that is no image, are named', async () => {
  const small = { title: 'tiny', pixels: new Uint8Array(4), shape: [2, 2, 1] as const }
  await expect(predictPictures(letters, [small])).rejects.toThrow(
    'expected 784 bytes a picture, got 4 in "tiny". Use seenBy.',
  )
  await expect(seenBy(letters, new TextEncoder().encode('hello'), 'note.png')).rejects.toThrow(
    'note.png: expected a PNG, JPEG or WebP image, got a text file.',
  )
})
