import { colours, FONT_SIZE } from './palette.ts'
import { element, textWidth } from './sheet.ts'

/** A sample of what is drawn and its name. */
export interface LegendEntry {
  readonly kind: 'line' | 'dashes' | 'area'
  readonly colour: string
  readonly text: string
}

const SAMPLE = 22
const MIDDLE = 7

/** Entries in one line, 14 pixels high. */
export function legend(entries: readonly LegendEntry[]): Element {
  let x = 0
  const parts = entries.map(({ kind, colour, text }) => {
    const words = element('text', { x: SAMPLE + 7, y: MIDDLE + 4, 'font-size': FONT_SIZE, fill: colours.ink }, text)
    const entry = element('g', { transform: `translate(${Math.round(x)},0)` }, [...sample(kind, colour), words])
    x += SAMPLE + 7 + textWidth(text, FONT_SIZE) + 14
    return entry
  })
  return element('g', {}, parts)
}

function sample(kind: LegendEntry['kind'], colour: string): Element[] {
  const stroke = { x1: 0, x2: SAMPLE, y1: MIDDLE, y2: MIDDLE, stroke: colour }
  switch (kind) {
    case 'line':
      return [
        element('line', { ...stroke, 'stroke-width': 2 }),
        element('circle', { cx: SAMPLE / 2, cy: MIDDLE, r: 3, fill: colour }),
      ]
    case 'dashes':
      return [element('line', { ...stroke, 'stroke-width': 1.5, 'stroke-opacity': 0.55, 'stroke-dasharray': '5 4' })]
    case 'area':
      return [element('rect', { width: SAMPLE, height: 2 * MIDDLE, fill: colour, 'fill-opacity': 0.2 })]
    default:
      return kind satisfies never
  }
}
