/* Text in columns: a Korean syllable takes two of them, a combining mark none. */

import { MARK } from './printable.ts'

/** Ranges of code points that a terminal draws two columns wide: Hangul, CJK, full-width forms, emoji. */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
]

const ownCodes = new RegExp(`${MARK}\\[[0-9;]*m`, 'g')

function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (/\p{Mark}/u.test(character)) return 0
  return wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1
}

/** The number of terminal columns that a text takes; colour codes take none. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text.replace(ownCodes, '')) width += columnsOf(character)
  return width
}

/** Fills up with spaces on the right. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)))
}

/** Fills up with spaces on the left. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text
}

/** Cuts a text (without colour codes) to so many columns. */
export function cut(text: string, width: number): string {
  let kept = ''
  let used = 0
  for (const character of text) {
    used += columnsOf(character)
    if (used > width) break
    kept += character
  }
  return kept
}

/** Breaks paragraphs (parted by blank lines) into lines of at most `width` columns, at spaces where there are some. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, width))
}

function wrapParagraph(paragraph: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (textWidth(longer) <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (textWidth(line) > width) {
      // A wide character stands on a line of its own where even that is too narrow.
      const piece = cut(line, width) || cut(line, 2) || line
      lines.push(piece)
      line = line.slice(piece.length)
    }
  }
  return [...lines, line]
}
