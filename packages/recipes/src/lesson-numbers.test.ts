import type { ImageDataset } from '@gicho/core'
import { enableProdMode } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeDigits, fakeLetters } from '../test/fake-lesson.ts'
import { recipes } from './find-recipe.ts'
import { startLesson } from './lesson.ts'

enableProdMode()

const training = recipes.filter(({ fit }) => fit)

/** Numbers that are true of the course's data alone. */
const courses = /60,000|6만|10,000|27,455|7,172|857|858|1,?875/

/** The texts of a recipe's steps once it has loaded so many made-up pictures. */
function textsWith(
  recipe: (typeof recipes)[number],
  train: number,
  test: number,
  changes: { epochs?: number; batchSize?: number; stepsPerEpoch?: number } = {},
): { en: string; ko: string }[] {
  const lesson = startLesson(recipe, recipe.dataset === 'mnist' ? fakeDigits(changes) : fakeLetters(changes))
  const data = (length: number, split: ImageDataset['split']): ImageDataset => ({
    images: new Uint8Array(0),
    labels: new Uint8Array(0),
    length,
    shape: [28, 28, 1],
    classNames: recipe.dataset === 'mnist' ? [...'0123456789'] : [...'abcdefghiklmnopqrstuvwxy'],
    split,
    source: 'made up',
  })
  lesson.train = data(train, 'train')
  lesson.test = data(test, 'test')
  return recipe.steps.map((step) => step.proseOf?.(lesson) ?? step.prose)
}

test.each(training)('the texts of $id speak of the data that was loaded, not of the course’s', (recipe) => {
  for (const { en, ko } of textsWith(recipe, 100, 37)) {
    expect(en).not.toMatch(courses)
    expect(ko).not.toMatch(courses)
  }
})

test.each(training)('the summary and titles of $id name no number of pictures, steps or epochs', (recipe) => {
  for (const { en, ko } of [recipe.summary, ...recipe.steps.map(({ title }) => title)]) {
    expect(en).not.toMatch(/60,000|27,455|twenty epochs|five epochs/i)
    expect(ko).not.toMatch(/6만|60,000|27,455|스무 에포크|다섯 에포크/)
  }
})

test.each(training)(
  'with the whole of the data, the texts of $id are those that stand on the page before',
  (recipe) => {
    const [train, test] = recipe.dataset === 'mnist' ? [60_000, 10_000] : [27_455, 7_172]
    const { epochs = 0 } = recipe.fit ?? {}
    expect(textsWith(recipe, train, test, { epochs })).toEqual(recipe.steps.map(({ prose }) => prose))
  },
)

test('an epoch is counted out: in lesson 1, 2 and 4, whole, with a rest, and in a single batch', () => {
  const said = (id: string, ...given: [number, number, object?]): string => {
    const recipe = training.find((each) => each.id === id)
    return recipe ? JSON.stringify(textsWith(recipe, ...given)) : ''
  }
  expect(said('mnist', 60_000, 10_000)).toContain('60,000 / 32 = 1,875 steps.')
  expect(said('mnist', 100, 100)).toContain('100 / 32 = 3.13, so 4 steps, since the last 4 pictures need one too.')
  expect(said('mnist', 100, 100)).toContain('100 / 32 = 3.13인데 마지막 4장도 한 걸음이 필요하므로 4걸음입니다.')
  expect(said('mnist', 100, 100, { batchSize: 50 })).toContain('50 at a time')
  expect(said('mnist', 100, 100, { stepsPerEpoch: 2 })).toContain('epochs of 2 steps were asked for')
  expect(said('asl', 27_455, 7_172)).toContain('make 857 full batches and a last one of 31: 858 steps an epoch.')
  expect(said('asl', 64, 20)).toContain('64 pictures in batches of 32 make 2 full batches: 2 steps an epoch.')
  expect(said('asl', 3, 3)).toContain('3 pictures, in batches of 32, fit into a single one: 1 step an epoch.')
  expect(said('asl', 100, 20)).toContain('about 6,769 parameters for each')
  expect(said('asl-cnn', 100, 37, { epochs: 1 })).toContain('4 steps an epoch, once.')
  expect(said('asl-cnn', 100, 37)).toContain('serve for 100 pictures, for 37, and later for one')
  expect(said('asl-augmented', 27_455, 7_172)).toContain(
    '27,455 / 32 = 857.97 batches, which is 858, since the last 31 pictures need one too.',
  )
  expect(said('asl-augmented', 64, 20)).toContain('64 / 32 = 2 batches.')
  expect(said('asl-augmented', 3, 3)).toContain('3 pictures in a new order')
})

test('whatever the sizes, both languages say as much, and one of a thing is not many', () => {
  const sizes = fc.record({
    train: fc.integer({ min: 1, max: 70_000 }),
    test: fc.integer({ min: 1, max: 20_000 }),
    batchSize: fc.integer({ min: 1, max: 1024 }),
    epochs: fc.integer({ min: 1, max: 200 }),
  })
  fc.assert(
    fc.property(fc.constantFrom(...training), sizes, (recipe, { train, test, ...changes }) => {
      for (const { en, ko } of textsWith(recipe, train, test, changes)) {
        expect(ko.split('\n\n')).toHaveLength(en.split('\n\n').length)
        expect(en).not.toMatch(/(^|[^\d,.])1 (steps|pictures|batches|parameters|full batches)\b|undefined|NaN/)
        expect(ko).not.toMatch(/undefined|NaN/)
      }
    }),
    { numRuns: 200 },
  )
})

test('the texts hold however pictures are drawn: in rows of any length, in colour or not, or only named', () => {
  for (const { steps } of recipes) {
    for (const { prose } of steps) {
      expect(prose.en).not.toMatch(
        /rows of (eight|four|twenty)|row of twenty|above each|below each|colours are no mistake/i,
      )
      expect(prose.ko).not.toMatch(/장씩 .* 줄|그림 위에는|스무 장/)
    }
  }
})
