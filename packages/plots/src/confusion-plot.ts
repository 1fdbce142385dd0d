import { checkOptionNames, GichoError } from '@gicho/core'
import { cell, scale, text } from '@observablehq/plot'
import { colours, FONT_SIZE } from './palette.ts'
import { plotDrawing } from './plot-drawing.ts'
import { sheetText, textWidth } from './sheet.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof ConfusionPlotOptions, true>> = {
  title: true,
  matrix: true,
  classNames: true,
  words: true,
}

/** The words on a drawing of a confusion matrix, for other languages. */
export interface ConfusionWords {
  readonly actual: string
  readonly predicted: string
  /** The part of the title that says how many were right. */
  readonly right: (right: number, total: number) => string
  readonly note: string
}

const english: ConfusionWords = {
  actual: 'actual',
  predicted: 'predicted',
  right: (right, total) =>
    `${((100 * right) / total).toFixed(2)}% right (${right.toLocaleString('en-US')} of ${total.toLocaleString('en-US')})`,
  note: 'blue: right, orange: mistaken; the darker, the larger a share of its row',
}

/** Options of {@link confusionPlot}. */
export interface ConfusionPlotOptions {
  readonly title: string
  /** Rows actual, columns predicted, as from `confusionMatrix`. */
  readonly matrix: readonly (readonly number[])[]
  /** The name of each class, by label. */
  readonly classNames: readonly string[]
  readonly words?: Partial<ConfusionWords>
}

interface Cell {
  readonly actual: number
  readonly predicted: number
  readonly count: number
  /** Of its row, 0 to 1. */
  readonly share: number
}

/**
 * A confusion matrix as a heat map and a standalone SVG: rows are actual classes, columns predicted ones. Mistakes have
 * a colour scale of their own, by the square root of their share of the row, so that the diagonal doesn't drown them.
 * Made for 10 to 24 classes; with more the cells shrink and lose their counts, then some of the names.
 *
 * @throws GichoError `bad-shape` when the matrix isn't square or its names don't fit
 */
export function confusionPlot(options: ConfusionPlotOptions): string {
  checkOptionNames('confusionPlot', options, NAMES)
  const { title, matrix, classNames, words: given } = options
  const classes = matrix.length
  if (classes === 0 || classNames.length !== classes || matrix.some((row) => row.length !== classes)) {
    throw new GichoError(
      'bad-shape',
      `confusionPlot: expected a square matrix with a name for each class, got ${classes} rows of ` +
        `${[...new Set(matrix.map((row) => row.length))].join(' or ') || 0} and ${classNames.length} names.`,
    )
  }
  const words = { ...english, ...given }
  const cells = cellsOf(matrix)
  const total = cells.reduce((sum, { count }) => sum + count, 0)
  const right = cells.reduce((sum, each) => sum + (each.actual === each.predicted ? each.count : 0), 0)
  const node = heatMap(cells, classNames, words)
  const size = { width: Number(node.getAttribute('width')), height: Number(node.getAttribute('height')) }
  const heading = total === 0 ? title : `${title}: ${words.right(right, total)}`
  return sheetText({ title: heading, note: words.note, ...size, parts: [{ x: 0, y: 0, node }] })
}

function cellsOf(matrix: readonly (readonly number[])[]): Cell[] {
  return matrix.flatMap((row, actual) => {
    const total = row.reduce((sum, count) => sum + count, 0)
    return row.map((count, predicted) => ({ actual, predicted, count, share: total === 0 ? 0 : count / total }))
  })
}

function heatMap(cells: readonly Cell[], classNames: readonly string[], words: ConfusionWords): Element {
  const classes = classNames.length
  const side = cellSide(classes)
  const nameWidth = Math.ceil(Math.max(...classNames.map((name) => textWidth(name, FONT_SIZE))))
  const slanted = nameWidth > side - 4
  const [left, top] = [nameWidth + 40, (slanted ? Math.ceil(nameWidth * 0.75) + 8 : FONT_SIZE) + 32]
  const right = slanted ? Math.max(1, Math.ceil(nameWidth * 0.75 - side / 2)) : 1
  const domain = Array.from({ length: classes }, (_, label) => label)
  const ticks = domain.filter((label) => label % Math.ceil((FONT_SIZE + 2) / side) === 0) // names that don't touch
  const axis = {
    type: 'band',
    domain,
    ticks,
    padding: 0,
    tickFormat: (label: number) => classNames[label] ?? '',
    tickSize: 0,
  } as const
  const fill = cellColours(cells)
  const numbers = cells.filter(({ count }) => count > 0 && textWidth(String(count), numberSize(side)) <= side - 2)
  return plotDrawing({
    width: left + classes * side + right,
    height: top + classes * side + 1,
    marginLeft: left,
    marginTop: top,
    marginRight: right,
    marginBottom: 1,
    x: {
      ...axis,
      axis: 'top',
      label: words.predicted,
      labelAnchor: 'center',
      labelArrow: 'none',
      labelOffset: top - 6,
      tickRotate: slanted ? -45 : 0,
    },
    y: { ...axis, label: words.actual, labelAnchor: 'center', labelArrow: 'none', labelOffset: left - 6 },
    marks: [
      cell(cells, { x: 'predicted', y: 'actual', fill, inset: 0.5 }),
      text(numbers, {
        x: 'predicted',
        y: 'actual',
        text: (each: Cell) => String(each.count),
        fill: (each: Cell) => inkOn(fill(each)),
        fontSize: numberSize(side),
      }),
    ],
  })
}

function cellSide(classes: number): number {
  return classes <= 10 ? 44 : classes <= 26 ? 28 : Math.max(6, Math.floor(728 / classes))
}

function numberSize(side: number): number {
  return side >= 40 ? 12 : 10
}

/** A cell's colour as #rrggbb or rgb(…): blue on the diagonal, orange elsewhere, nearly white for none. */
function cellColours(cells: readonly Cell[]): (cell: Cell) => string {
  const worst = Math.max(0.01, ...cells.map((each) => (each.actual === each.predicted ? 0 : each.share)))
  const rightScale = scale({ color: { type: 'linear', scheme: 'blues', domain: [0, 1], range: [0.05, 0.5] } })
  const wrongScale = scale({ color: { type: 'sqrt', scheme: 'oranges', domain: [0, worst], range: [0.03, 0.85] } })
  return ({ actual, predicted, count, share }) => {
    if (count === 0) return colours.empty
    return String((actual === predicted ? rightScale : wrongScale).apply(share))
  }
}

/** White or dark, whichever is easier to read on a colour of the form rgb(r, g, b). */
function inkOn(colour: string): string {
  const [red = 255, green = 255, blue = 255] = (colour.match(/\d+/g) ?? []).map(Number)
  return colour.startsWith('rgb') && 0.299 * red + 0.587 * green + 0.114 * blue < 115 ? '#ffffff' : colours.ink
}
