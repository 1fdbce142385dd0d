import { expect, test } from 'vitest'
import { confusionPlot } from './confusion-plot.ts'
import { curvesPlot } from './curves-plot.ts'
import { mistakesPlot } from './mistakes-plot.ts'
import { pictureGridPlot } from './picture-grid-plot.ts'

const misspelt: object = { titel: 'x' }

test('an option that a plot does not have is refused with the one that was meant', () => {
  const meant = 'there is no option titel. Did you mean title?'
  const title = 'x'
  expect(() => confusionPlot({ title, matrix: [], classNames: [], ...misspelt })).toThrow(`confusionPlot: ${meant}`)
  expect(() => curvesPlot({ title, history: [], ...misspelt })).toThrow(`curvesPlot: ${meant}`)
  expect(() => pictureGridPlot({ title, pictures: [], columns: 1, ...misspelt })).toThrow(`pictureGridPlot: ${meant}`)
  const images = new Uint8Array(0)
  expect(() => mistakesPlot({ title, mistakes: [], images, shape: [1, 1, 1], classNames: [], ...misspelt })).toThrow(
    `mistakesPlot: ${meant}`,
  )
})
