import { checkOptionNames, GichoError, type Picture } from '@gicho/core'
import { image, text } from '@observablehq/plot'
import { colours, FONT_SIZE } from './palette.ts'
import { type ColourMap, pictureDataUri } from './picture-data-uri.ts'
import { plotDrawing } from './plot-drawing.ts'
import { sheetText, textWidth } from './sheet.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof PictureGridPlotOptions, true>> = {
  title: true,
  note: true,
  pictures: true,
  columns: true,
  colours: true,
}

/** Options of {@link pictureGridPlot}. */
export interface PictureGridPlotOptions {
  readonly title: string
  /** A line under the title. */
  readonly note?: string
  /** Bytes of 1 (grey) to 4 channels; the title stands above the picture. */
  readonly pictures: readonly Picture[]
  /** Pictures in a row. */
  readonly columns: number
  /** What grey pictures are drawn in. Default 'grey'. */
  readonly colours?: ColourMap
}

/** Room for a picture, in pixels; the smaller one where many stand in a row. */
const SIDE = 84
const SMALL_SIDE = 56
const WIDEST_TITLE = 168
const GAP = 10
const TITLE_HEIGHT = 17

/**
 * Pictures in rows, each under its title, as a standalone SVG. A picture takes up to 84x84 pixels (56x56 where more
 * than ten stand in a row); small ones are magnified, every pixel a sharp square. Their bytes are inside the file.
 *
 * @throws GichoError `bad-argument` for no columns, `bad-shape` for a picture whose bytes don't fit its shape
 */
export function pictureGridPlot(options: PictureGridPlotOptions): string {
  checkOptionNames('pictureGridPlot', options, NAMES)
  const { title, note, pictures, columns, colours: map = 'grey' } = options
  if (!Number.isInteger(columns) || columns < 1) {
    throw new GichoError('bad-argument', `pictureGridPlot: expected a whole number of columns >= 1, got ${columns}.`)
  }
  const side = Math.min(columns, pictures.length) > 10 ? SMALL_SIDE : SIDE
  const zoom = magnification(pictures, side)
  const sizes = pictures.map(({ shape: [height, width] }) => ({ width: width * zoom, height: height * zoom }))
  const titleWidth = Math.max(0, ...pictures.map((picture) => textWidth(picture.title, FONT_SIZE)))
  const cellWidth = Math.max(side, Math.min(titleWidth, WIDEST_TITLE))
  const pictureHeight = Math.max(0, ...sizes.map(({ height }) => height))
  const head = pictures.some((picture) => picture.title !== '') ? TITLE_HEIGHT : 0
  const [stepX, stepY] = [cellWidth + GAP, head + pictureHeight + GAP]
  const cells = pictures.map((picture, index) => ({
    x: (index % columns) * stepX + cellWidth / 2,
    top: Math.floor(index / columns) * stepY,
    title: picture.title,
    src: pictureDataUri(picture, map),
    ...(sizes[index] ?? { width: 0, height: 0 }),
  }))
  const width = Math.max(1, Math.min(columns, pictures.length) * stepX - GAP)
  const height = Math.max(1, Math.ceil(pictures.length / columns) * stepY - GAP)
  const node = plotDrawing({
    width,
    height,
    margin: 0,
    x: { type: 'linear', domain: [0, width], range: [0, width], axis: null },
    y: { type: 'linear', domain: [0, height], range: [0, height], axis: null },
    marks: [
      image(cells, {
        x: 'x',
        y: (cell) => cell.top + head + pictureHeight / 2,
        src: 'src',
        width: 'width',
        height: 'height',
        preserveAspectRatio: 'none',
        imageRendering: 'pixelated',
      }),
      text(cells, {
        x: 'x',
        y: (cell) => cell.top + FONT_SIZE - 1,
        text: 'title',
        fill: colours.ink,
        lineAnchor: 'bottom',
        lineWidth: cellWidth / FONT_SIZE,
        textOverflow: 'ellipsis',
      }),
    ],
  })
  return sheetText({ title, note, width, height, parts: [{ x: 0, y: 0, node }] })
}

/** Whole where pictures are magnified, so that all their pixels become equally large. */
function magnification(pictures: readonly Picture[], side: number): number {
  const largest = Math.max(1, ...pictures.flatMap(({ shape: [height, width] }) => [height, width]))
  return largest > side ? side / largest : Math.floor(side / largest)
}
