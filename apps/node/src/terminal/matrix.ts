import { type Shape, sizeOf } from '@gicho/core'
import { dim, type Screen } from './screen.ts'
import { wrap } from './text.ts'

/** A matrix as lines, and the columns that were left out because they hold zeros only and there was no room. */
export interface DrawnMatrix {
  readonly lines: readonly string[]
  /** Columns shown, from..to, both counted from 0 and included; undefined when all are. */
  readonly shown?: readonly [from: number, to: number]
}

/**
 * Draws a matrix. Where it is wider than the screen, zero columns at its edges are left out, and if that is not enough
 * it is cut into blocks of columns, one below the other. A vector flows over as many lines as it needs.
 */
export function drawMatrix(screen: Screen, shape: Shape, values: ArrayLike<number>, digits: number): DrawnMatrix {
  const cells = Array.from({ length: sizeOf(shape) }, (_, i) => (values[i] ?? 0).toFixed(digits))
  const cellWidth = Math.max(1, ...cells.map((cell) => cell.length))
  const draw = (cell: string): string => {
    const padded = cell.padStart(cellWidth)
    return Number(cell) === 0 ? dim(screen, padded) : padded
  }
  const fitting = Math.max(1, Math.floor(screen.width / (cellWidth + 1)))
  if (shape.length < 2) return { lines: wrap(cells.join(' '), screen.width - 1) }
  const width = shape.at(-1) ?? 1
  const rows = chunk(cells, width)
  if (width <= fitting) return { lines: rows.map((row) => row.map(draw).join(' ')) }
  const [from, to] = withoutZeroEdges(rows, width)
  const lines: string[] = []
  for (let start = from; start <= to; start += fitting) {
    if (start > from) lines.push('')
    const end = Math.min(to + 1, start + fitting)
    for (const row of rows) lines.push(row.slice(start, end).map(draw).join(' '))
  }
  return from === 0 && to === width - 1 ? { lines } : { lines, shown: [from, to] }
}

function chunk<T>(values: readonly T[], size: number): T[][] {
  const chunks: T[][] = []
  for (let start = 0; start < values.length; start += size) chunks.push(values.slice(start, start + size))
  return chunks
}

function withoutZeroEdges(rows: readonly (readonly string[])[], width: number): [number, number] {
  const used = Array.from({ length: width }, (_, c) => rows.some((row) => Number(row[c]) !== 0))
  const from = used.indexOf(true)
  return from < 0 ? [0, width - 1] : [from, used.lastIndexOf(true)]
}
