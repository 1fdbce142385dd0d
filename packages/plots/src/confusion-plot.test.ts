import { expect, test } from 'vitest'
import { readSvg } from '../test/read-svg.ts'
import { confusionPlot } from './confusion-plot.ts'
import './node-document.node.ts'
import { colours } from './palette.ts'

const matrix = [
  [98, 2, 0],
  [0, 40, 10],
  [1, 0, 49],
]
const letters = [...'abcdefghiklmnopqrstuvwxy']

function diagonal(classes: number, right: number): number[][] {
  return Array.from({ length: classes }, (_, row) => Array.from({ length: classes }, (_, c) => (c === row ? right : 0)))
}

/** The colours of the cells, row by row. */
function fills(svg: string): string[] {
  const cells = /<g aria-label="cell">(.*?)<\/g>/.exec(svg)?.[1] ?? ''
  return Array.from(cells.matchAll(/fill="([^"]*)"/g), ([, fill = '']) => fill)
}

test('the title says how many are right, cells their counts, axes the class names', () => {
  const { texts } = readSvg(confusionPlot({ title: 'asl', matrix, classNames: ['a', 'b', 'c'] }))
  expect(texts[0]).toBe('asl: 93.50% right (187 of 200)')
  for (const text of ['predicted', 'actual', 'a', 'b', 'c', '98', '2', '40', '10', '1', '49'])
    expect(texts).toContain(text)
  expect(texts).not.toContain('0')
})

test('a mistake has its own colour, darker for a larger share of its row, and no mistake has none', () => {
  const [right, few, none, , , many] = fills(confusionPlot({ title: '', matrix, classNames: ['a', 'b', 'c'] }))
  const rgb = (colour = ''): number[] => (colour.match(/\d+/g) ?? []).map(Number)
  const [red = 0, , blue = 0] = rgb(right)
  expect(blue).toBeGreaterThan(red)
  for (const mistake of [few, many]) {
    const [red = 0, , blue = 0] = rgb(mistake)
    expect(red).toBeGreaterThan(blue)
  }
  const sum = (colour: string | undefined): number => rgb(colour).reduce((total, each) => total + each, 0)
  expect(sum(many)).toBeLessThan(sum(few))
  expect(none).toBe(colours.empty)
})

test.each([10, 24])('%i classes have room for counts of four digits or three', (classes) => {
  const count = classes === 10 ? 1135 : 498
  const classNames = letters.slice(0, classes)
  const { texts, width, height } = readSvg(confusionPlot({ title: '', matrix: diagonal(classes, count), classNames }))
  expect(texts.filter((text) => text === String(count))).toHaveLength(classes)
  expect(width).toBeLessThan(800)
  expect(height).toBeLessThan(820)
})

test('a hundred classes stay one page, without counts', () => {
  const classNames = Array.from({ length: 100 }, (_, label) => String(label))
  const { texts, width } = readSvg(confusionPlot({ title: '', matrix: diagonal(100, 777), classNames }))
  expect(texts).not.toContain('777')
  expect(texts.filter((text) => /^\d+$/.test(text))).toHaveLength(2 * 50) // every second name, on both sides
  expect(width).toBeLessThan(900)
})

test('names too long for a column are slanted, and stay names whatever is in them', () => {
  const svg = confusionPlot({ title: '', matrix: diagonal(2, 1), classNames: ['ankle <boot>', 'shirt & "tie"'] })
  expect(readSvg(svg).texts).toContain('ankle &lt;boot&gt;')
  expect(svg).toContain('rotate(-45)')
})

test('no images at all make an empty matrix', () => {
  expect(readSvg(confusionPlot({ title: 'none', matrix: diagonal(2, 0), classNames: ['a', 'b'] })).texts[0]).toBe(
    'none',
  )
})

test('a matrix that is not square or lacks names is refused', () => {
  const message = /expected a square matrix with a name for each class/
  expect(() => confusionPlot({ title: '', matrix, classNames: ['a'] })).toThrow(message)
  expect(() => confusionPlot({ title: '', matrix: [[1, 2]], classNames: ['a'] })).toThrow('got 1 rows of 2 and 1 names')
  expect(() => confusionPlot({ title: '', matrix: [], classNames: [] })).toThrow(message)
})
