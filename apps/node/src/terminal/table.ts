import { range } from '@gicho/core'
import { bold, type Screen } from './screen.ts'
import { padEnd, padStart, textWidth } from './text.ts'

const numeric = /^([-+]?[\d.,]+(e[-+]?\d+)?%?|…)$/i

/** A table as lines: a bold head, columns two spaces apart, columns of numbers flush right. */
export function tableLines(screen: Screen, columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((name, c) => range([name, ...rows.map((row) => row[c] ?? '')].map(textWidth)).max)
  const right = columns.map((_, c) => rows.length > 0 && rows.every((row) => numeric.test(row[c] ?? '')))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, c) => (right[c] ? padStart(cell, widths[c] ?? 0) : padEnd(cell, widths[c] ?? 0)))
      .join('  ')
      .trimEnd()
  return [bold(screen, line(columns)), ...rows.map((row) => line(row))].map((text) => `  ${text}`)
}
