import { expect, test } from 'vitest'
import { fakeEngine, fakeModel } from '../test/fake-engine.ts'
import { samples } from '../test/samples.ts'
import { fit } from './fit.ts'

/** What a fit with validationSplit says of rows with these labels. */
async function warned(labels: number[], validationSplit = 0.2): Promise<string[]> {
  const said: string[] = []
  const data = { ...samples(labels.length), labels: Uint8Array.from(labels) }
  await fit(fakeModel(), data, {
    engine: fakeEngine().engine,
    validationSplit,
    epochs: 2,
    onWarning: (text) => void said.push(text),
  })
  return said
}

const repeat = (label: number, count: number): number[] => Array.from({ length: count }, () => label)

test('rows sorted by class are named once, with what to do', async () => {
  expect(await warned([...repeat(0, 40), ...repeat(1, 40), ...repeat(2, 20)])).toEqual([
    'fit: validationSplit holds out the last 20 of 100 images, which lie sorted by class: it has no image of a, b, ' +
      'and c is in no image that is trained on. Mix them before: ' +
      'const { train, validation } = split(data, { fraction, seed: 1 }) of @gicho/preprocess, with the option validationData.',
  ])
  // A few images are enough where each class lies in one stretch.
  expect(await warned([0, 0, 0, 1, 1, 1, 2, 2, 2], 0.3)).toHaveLength(1)
  expect(await warned([...repeat(0, 60), ...repeat(1, 40)], 0.3)).toEqual([
    expect.stringContaining('it has no image of a. Mix'),
  ])
})

test('mixed rows are no news, also few of them, and parts that one gives oneself', async () => {
  expect(await warned(Array.from({ length: 99 }, (_, row) => row % 3))).toEqual([])
  expect(await warned([0, 1, 2, 1, 0, 1])).toEqual([])
  expect(await warned([0, 1, 2], 0.34)).toEqual([])
  expect(await warned(repeat(0, 50))).toEqual([])
})
