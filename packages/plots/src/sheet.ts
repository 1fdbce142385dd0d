/* A sheet of paper with a title, on which Plot's drawings are put: one SVG that stands on its own, on any page. */
import { drawingDocument } from './drawing-document.ts'
import { colours, FONT, FONT_SIZE } from './palette.ts'
import { svgText } from './svg-text.ts'

const SVG = 'http://www.w3.org/2000/svg'
const TITLE_SIZE = 15

/** Room between the paper's edge and what is drawn, in pixels. */
const MARGIN = 16

/** Something on the sheet and where its upper left corner lies, in pixels. */
interface Placed {
  readonly x: number
  readonly y: number
  readonly node: Element
}

/** A sheet: what is placed on it is measured from below its head. */
export interface Sheet {
  readonly title: string
  /** A line under the title. */
  readonly note?: string | undefined
  /** Of the part below the head, without margins, in pixels. */
  readonly width: number
  readonly height: number
  readonly parts: readonly Placed[]
}

/** An SVG element. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: string | readonly Element[] = [],
): Element {
  const made = drawingDocument().createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  if (typeof content === 'string') made.textContent = content
  else for (const child of content) made.appendChild(child)
  return made
}

/** About how many pixels a text takes: nobody measures fonts here. A Korean syllable is as wide as it is high. */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0
  for (const character of text) ems += (character.codePointAt(0) ?? 0) >= 0x1100 ? 1 : 0.55
  return ems * fontSize
}

/** The sheet as the text of an SVG file. It grows to the right where its title is longer than what is below. */
export function sheetText({ title, note, width, height, parts }: Sheet): string {
  const head = [
    ...(title === '' ? [] : [line(title, TITLE_SIZE, { 'font-weight': 600, fill: colours.ink })]),
    ...(note ? [line(note, FONT_SIZE, { fill: colours.faint })] : []),
  ]
  let top = MARGIN
  for (const { node, size } of head) {
    node.setAttribute('y', String(top + size))
    top += size + 7
  }
  if (head.length > 0) top += 5
  const wide = Math.ceil(Math.max(width, ...head.map((part) => part.width)) + 2 * MARGIN)
  const high = Math.ceil(top + height + MARGIN)
  const placed = parts.map(({ x, y, node }) =>
    element('g', { transform: `translate(${MARGIN + x},${top + y})` }, [node]),
  )
  const root = element(
    'svg',
    {
      xmlns: SVG,
      width: wide,
      height: high,
      viewBox: `0 0 ${wide} ${high}`,
      role: 'img',
      'aria-label': title,
      'font-family': FONT,
      color: colours.ink,
    },
    [element('rect', { width: wide, height: high, fill: colours.paper }), ...head.map(({ node }) => node), ...placed],
  )
  return `${svgText(root)}\n`
}

function line(
  text: string,
  size: number,
  style: Readonly<Record<string, string | number>>,
): { node: Element; size: number; width: number } {
  const node = element('text', { x: MARGIN, 'font-size': size, ...style }, text)
  return { node, size, width: textWidth(text, size) }
}
