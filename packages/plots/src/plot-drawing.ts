import { type PlotOptions, plot } from '@observablehq/plot'
import { drawingDocument } from './drawing-document.ts'
import { FONT_SIZE } from './palette.ts'

/**
 * A drawing by Observable Plot as an SVG element that needs no style sheet.
 * Plot's own one is for pages; its class would meet those of other drawings there.
 */
export function plotDrawing(options: PlotOptions): Element {
  const drawing = plot({ ...options, document: drawingDocument() })
  for (const style of Array.from(drawing.querySelectorAll('style'))) style.remove()
  drawing.removeAttribute('class')
  drawing.setAttribute('font-size', String(FONT_SIZE))
  return drawing
}
