import { expect, test } from 'vitest'
import { readSvg } from '../test/read-svg.ts'
import './node-document.node.ts'
import { pictureGridPlot } from './picture-grid-plot.ts'

function pictures(count: number, title: (i: number) => string = String, side = 28) {
  return Array.from({ length: count }, (_, i) => ({
    title: title(i),
    pixels: new Uint8Array(side * side).fill(i),
    shape: [side, side, 1] as const,
  }))
}

/** The places of the pictures, as [x, y, width, height]. */
function places(svg: string): number[][] {
  return Array.from(svg.matchAll(/<image x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)"/g), (found) =>
    found.slice(1).map(Number),
  )
}

test('a batch of 32 in four rows of eight, without titles and in viridis', () => {
  const svg = pictureGridPlot({ title: 'a batch', pictures: pictures(32, () => ''), columns: 8, colours: 'viridis' })
  const { texts, width } = readSvg(svg)
  expect(texts).toEqual(['a batch'])
  expect(width).toBe(8 * 84 + 7 * 10 + 32)
  expect(svg.match(/image-rendering="pixelated"/g)).toHaveLength(32)
  expect(places(svg)[9]).toEqual([94, 94, 84, 84])
})

test('twenty pictures in a row stand under their titles, twice as large as they are', () => {
  const svg = pictureGridPlot({ title: '', pictures: pictures(20), columns: 20 })
  expect(readSvg(svg).texts).toEqual(Array.from({ length: 20 }, (_, i) => String(i)))
  expect(places(svg).every(([, y, width]) => y === places(svg)[0]?.[1] && width === 56)).toBe(true)
})

test('a last row may be short, and columns that are not needed take no room', () => {
  expect(places(pictureGridPlot({ title: '', pictures: pictures(5), columns: 3 }))).toHaveLength(5)
  expect(readSvg(pictureGridPlot({ title: '', pictures: pictures(2), columns: 8 })).width).toBe(2 * 84 + 10 + 32)
})

test('a large picture is made smaller, and a long title gets a wider column', () => {
  const [only] = places(pictureGridPlot({ title: '', pictures: pictures(1, String, 200), columns: 1 }))
  expect(only?.slice(2)).toEqual([84, 84])
  const svg = pictureGridPlot({ title: '', pictures: pictures(1, () => 'ankle boot → shirt 98%'), columns: 1 })
  expect(readSvg(svg).texts).toEqual(['ankle boot → shirt 98%'])
  expect(readSvg(svg).width).toBeGreaterThan(84 + 32)
})

test('no pictures make a sheet with its title alone', () => {
  expect(readSvg(pictureGridPlot({ title: 'none', pictures: [], columns: 8 })).texts).toEqual(['none'])
})

test('columns are counted from one', () => {
  expect(() => pictureGridPlot({ title: '', pictures: [], columns: 0 })).toThrow('columns >= 1, got 0')
})
