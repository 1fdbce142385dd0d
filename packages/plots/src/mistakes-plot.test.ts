import { expect, test } from 'vitest'
import { readSvg } from '../test/read-svg.ts'
import { mistakesPlot } from './mistakes-plot.ts'
import './node-document.node.ts'

const data = { images: new Uint8Array(3 * 784), shape: [28, 28, 1] as const, classNames: ['a', 'e'], title: 'surest' }

test('each mistake is titled with what it was, what it was taken for, and how surely', () => {
  const mistakes = [
    { index: 2, actual: 0, predicted: 1, probability: 0.996 },
    { index: 0, actual: 1, predicted: 0, probability: 0.5 },
  ]
  const { texts, attribute } = readSvg(mistakesPlot({ ...data, mistakes }))
  expect(texts).toEqual(['surest', 'actual → predicted, and how sure the network was', 'a → e 99%', 'e → a 50%'])
  expect(attribute('href')).toHaveLength(2)
})

test('a run without mistakes says so', () => {
  expect(readSvg(mistakesPlot({ ...data, mistakes: [] })).texts).toEqual(['surest', 'No mistakes.'])
  expect(readSvg(mistakesPlot({ ...data, mistakes: [], none: '없음' })).texts).toContain('없음')
})

test('an image that was not given is named', () => {
  const mistakes = [{ index: 3, actual: 0, predicted: 1, probability: 1 }]
  expect(() => mistakesPlot({ ...data, mistakes })).toThrow("image 3 isn't among the 3 that were given")
})
