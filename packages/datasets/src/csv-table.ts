import { GichoError } from '@gicho/core'
import { joined } from './bytes.ts'
import { CsvCells } from './csv-cells.ts'
import { CsvHeader } from './csv-header.ts'

/*
 * A CSV of small whole numbers, some hundred columns wide, is nearly all cells of the form "123,": four bytes. So four
 * bytes are read as one 32-bit word and tested at once: xor with "000," leaves digits 0..9 in three bytes and 0 in the
 * fourth, where the form fits. Cells of one and two digits take a branch each, the row's end another, and whatever else
 * comes (the end of a piece, "007 ", letters) goes through a slow path that reads text, and says what is wrong with it.
 * All paths leave the same state behind, so any cut of the file into pieces gives the same table. What is held in
 * memory is one block of rows.
 */

/** Values in a block that is handed on; a block stays in a core's second-level cache. */
const BLOCK_VALUES = 1 << 17
const COMMA = 44
const NEWLINE = 10
const RETURN = 13
const ZERO = 48
/** No number 0..255 needs as much. */
const MAX_CELL_CHARACTERS = 1000
/** Of a wrong cell, in an error message. */
const SHOWN_CHARACTERS = 24
/** Whole numbers as pandas reads them: blanks around them are left out. */
const WHOLE = /^\s*[+-]?\d+\s*$/

/** Takes a table as it is read. */
export interface CsvTableSink {
  /** The columns' names, once, before any row; may throw to refuse the file. */
  header(names: readonly string[]): void
  /** Whole rows, row-major [rows, columns]; the memory is used anew afterwards, so copy what you keep. */
  rows(values: Uint8Array, rows: number): void
}

/**
 * Reads a CSV of whole numbers 0..255 under one header line, piece by piece, in bounded memory: at some hundred
 * megabytes a second for tables hundreds of columns wide. Lines end in LF, CRLF or CR; empty lines are left out; a UTF-8
 * byte order mark is too. Cells may be quoted, and are read as pandas reads them. Plain typed-array code: the same in
 * Node, a page or a worker.
 *
 * @example
 * const reader = new CsvTableReader('data.csv', { header: (names) => console.log(names), rows: (values, n) => keep(values, n) })
 * for await (const piece of stream) reader.push(piece)
 * reader.end()
 */
export class CsvTableReader {
  readonly #where: string
  readonly #sink: CsvTableSink
  #header: CsvHeader | undefined
  #names: readonly string[] = []
  #block: Uint8Array = new Uint8Array(0)
  /** Values in the block, those of an unfinished row included. */
  #filled = 0
  /** Values of the unfinished row. */
  #column = 0
  /** Where in a line the slow path is, and the text of its unfinished cell. */
  readonly #cells = new CsvCells()
  #cell = ''
  #rows = 0
  #line = 2

  /** @param where the file's name or path, for error messages */
  constructor(where: string, sink: CsvTableSink) {
    this.#where = where
    this.#sink = sink
    this.#header = new CsvHeader(where, this.#cells)
  }

  /**
   * Reads the next bytes of the file, cut anywhere.
   *
   * @throws GichoError `bad-data` naming row and column, when a cell isn't a whole number 0..255 or a row doesn't have
   *   as many cells as the header
   */
  push(piece: Uint8Array): void {
    let at = 0
    if (this.#header) {
      const start = this.#header.push(piece)
      if (start === undefined) return
      this.#startRows(this.#header)
      at = start
    }
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength)
    while (at < piece.length) {
      if (this.#cells.isFresh) {
        at = this.#readCells(piece, view, at)
        const next = this.#readRowEnd(piece, at)
        if (next > at) {
          at = next
          continue
        }
      }
      if (at < piece.length) at = this.#readSlowly(piece, at)
    }
  }

  /**
   * Ends the file, whose last line may lack its line end.
   *
   * @returns how many rows it had
   * @throws GichoError `bad-data` for an empty file, a header without rows, and a last row that is cut off
   */
  end(): number {
    if (this.#header) {
      this.#startRows(this.#header)
      this.#cells.startLine()
    }
    if (!this.#cells.isBlankLine || this.#column > 0) this.#finishCell(true, true)
    this.#flush()
    if (this.#rows === 0) {
      throw new GichoError(
        'bad-data',
        `${this.#where}: expected rows after the header, got none. The file is cut off: get it anew.`,
      )
    }
    return this.#rows
  }

  #startRows(header: CsvHeader): void {
    this.#names = header.names()
    this.#header = undefined
    this.#sink.header(this.#names)
    const columns = this.#names.length
    this.#block = new Uint8Array(columns * Math.max(1, Math.floor(BLOCK_VALUES / columns)))
  }

  /** Cells "1,", "12," and "123," up to the row's last; stops at anything else. */
  #readCells(piece: Uint8Array, view: DataView, start: number): number {
    const block = this.#block
    const end = piece.length - 4
    const first = this.#filled
    const stop = first - this.#column + this.#names.length - 1
    let filled = first
    let at = start
    while (filled < stop && at <= end) {
      const word = view.getUint32(at, true) ^ 0x2c303030
      if ((((word + 0x00060606) | word) & 0xfff0f0f0) === 0) {
        const value = (word & 15) * 100 + ((word >>> 8) & 15) * 10 + (word >>> 16)
        if (value > 255) break
        block[filled++] = value
        at += 4
        continue
      }
      const high = (piece[at] ?? 0) - ZERO
      if (high >>> 0 > 9) break
      const second = piece[at + 1] ?? 0
      if (second === COMMA) {
        block[filled++] = high
        at += 2
        continue
      }
      const low = second - ZERO
      if (low >>> 0 > 9 || piece[at + 2] !== COMMA) break
      block[filled++] = high * 10 + low
      at += 3
    }
    this.#filled = filled
    this.#column += filled - first
    return at
  }

  /** The row's last cell with its line end, when both are in this piece and as they should be. */
  #readRowEnd(piece: Uint8Array, start: number): number {
    if (this.#column !== this.#names.length - 1) return start
    let at = start
    let value = 0
    for (let digit = (piece[at] ?? 0) - ZERO; digit >>> 0 <= 9 && at - start < 3; digit = (piece[at] ?? 0) - ZERO) {
      value = value * 10 + digit
      at++
    }
    if (at === start || value > 255) return start
    if (piece[at] === RETURN) at++
    if (piece[at] !== NEWLINE) return start
    this.#store(value)
    this.#finishRow()
    this.#cells.startLine()
    return at + 1
  }

  /** One cell, or what this piece has of it. */
  #readSlowly(piece: Uint8Array, start: number): number {
    if (this.#column > 0 && this.#cells.isFresh) this.#cells.startCell()
    for (let at = start; at < piece.length; at++) {
      const byte = piece[at] ?? 0
      const isBlankLine = this.#cells.isBlankLine
      const what = this.#cells.next(byte)
      if (what === 'nothing') {
        if (isBlankLine && byte === NEWLINE) return at + 1 // of CRLF: the next line may go the fast way
        continue
      }
      if (what === 'text') {
        this.#cell += String.fromCharCode(byte)
        if (byte === NEWLINE) this.#line++
        if (this.#cell.length > MAX_CELL_CHARACTERS) this.#wrongCell(this.#cell)
        continue
      }
      if (isBlankLine && what !== 'comma') {
        this.#cell = ''
        this.#line++
      } else this.#finishCell(what !== 'comma')
      return at + 1
    }
    return piece.length
  }

  /** @param lineEnds whether the cell is the last of its line */
  #finishCell(lineEnds: boolean, fileEnds = false): void {
    const text = this.#cell
    this.#cell = ''
    const last = this.#column === this.#names.length - 1
    if (fileEnds && (!last || this.#cells.isOpen)) {
      this.#wrongLength(`the file's end after ${this.#column + 1}`, 'The file is cut off')
    }
    const value = WHOLE.test(text) ? Number(text) : Number.NaN
    if (!(value >= 0 && value <= 255)) this.#wrongCell(text)
    if (lineEnds && !last) this.#wrongLength(`${this.#column + 1}`, `"${this.#names[this.#column + 1]}" is missing`)
    if (last && !lineEnds) this.#wrongLength('more', `Something stands behind "${this.#names[this.#column]}"`)
    this.#store(value)
    if (last) this.#finishRow()
  }

  #store(value: number): void {
    this.#block[this.#filled++] = value
    this.#column++
  }

  #finishRow(): void {
    this.#rows++
    this.#line++
    this.#column = 0
    if (this.#filled === this.#block.length) this.#flush()
  }

  #flush(): void {
    const rows = this.#filled / this.#names.length
    if (rows > 0) this.#sink.rows(this.#block.subarray(0, this.#filled), rows)
    this.#filled = 0
  }

  get #row(): string {
    return `${this.#where}, row ${this.#rows + 1} (line ${this.#line})`
  }

  #wrongCell(text: string): never {
    const found = text === '' ? 'nothing' : JSON.stringify(text.slice(0, SHOWN_CHARACTERS))
    throw new GichoError(
      'bad-data',
      `${this.#row}, column ${this.#column + 1} ("${this.#names[this.#column]}"): ` +
        `expected a whole number 0..255, got ${found}. Correct the cell, or get the file anew.`,
    )
  }

  #wrongLength(found: string, what: string): never {
    throw new GichoError(
      'bad-data',
      `${this.#row}: expected ${this.#names.length} cells as in the header, got ${found}. ${what}: ` +
        'correct the row, or get the file anew.',
    )
  }
}

/** A table of bytes with named columns. */
export interface CsvTable {
  readonly columns: readonly string[]
  readonly rows: number
  /** [rows, columns] row-major, 0..255. */
  readonly values: Uint8Array
}

/**
 * Reads a whole CSV of whole numbers 0..255 with {@link CsvTableReader}.
 *
 * @param pieces the file in pieces (a `ReadableStream` of a `File`, a Node stream), or whole as `[bytes]`
 * @param where the file's name, for error messages
 * @throws GichoError `bad-data` naming row and column
 *
 * @example
 * const { columns, rows, values } = await parseCsvTable([new TextEncoder().encode('a,b\n1,2\n')], 'small.csv')
 */
export async function parseCsvTable(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  where: string,
): Promise<CsvTable> {
  let columns: readonly string[] = []
  const blocks: Uint8Array[] = []
  const reader = new CsvTableReader(where, {
    header: (names) => {
      columns = names
    },
    rows: (values) => void blocks.push(values.slice()),
  })
  for await (const piece of pieces) reader.push(piece)
  const rows = reader.end()
  return { columns, rows, values: joined(blocks, rows * columns.length) }
}
