/*
 * Which bytes of a CSV are text and which are its signs, as pandas tells them apart (its C parser with the default
 * settings): a quote opens a cell only as its first byte, two of them inside are one, what follows the closing one belongs
 * to the cell as it is, and lines of blanks are left out. Lines end in LF, CRLF or CR.
 */

/** What a byte is. `return` ends a line, and a line feed behind it is `nothing`. */
export type CsvByte = 'text' | 'nothing' | 'comma' | 'newline' | 'return'

const QUOTE = 34
const COMMA = 44
const NEWLINE = 10
const RETURN = 13
const SPACE = 32
const TAB = 9

/** Goes over a file byte by byte; all of the state that a cut between two pieces has to keep. */
export class CsvCells {
  #place: 'line' | 'blanks' | 'cell' | 'plain' | 'quoted' | 'closing' = 'line'
  #afterReturn = false

  /** True inside of quotes: a file that ends here is cut off. */
  get isOpen(): boolean {
    return this.#place === 'quoted'
  }

  /** True when nothing of the line, or of the cell, has been read. */
  get isFresh(): boolean {
    return this.#place === 'line' || this.#place === 'cell'
  }

  /** True when nothing of the line has been read, or only blanks: a line that ends here is left out. */
  get isBlankLine(): boolean {
    return this.#place === 'line' || this.#place === 'blanks'
  }

  /** Somebody else has read up to a line's start. */
  startLine(): void {
    this.#place = 'line'
    this.#afterReturn = false
  }

  /** Somebody else has read whole cells of a line. */
  startCell(): void {
    this.#place = 'cell'
    this.#afterReturn = false
  }

  next(byte: number): CsvByte {
    const follows = this.#afterReturn && byte === NEWLINE
    this.#afterReturn = false
    if (follows) return 'nothing'
    if (this.#place === 'quoted') {
      if (byte !== QUOTE) return 'text'
      this.#place = 'closing'
      return 'nothing'
    }
    if (byte === COMMA) return this.#end('cell', 'comma')
    if (byte === NEWLINE) return this.#end('line', 'newline')
    if (byte === RETURN) {
      this.#afterReturn = true
      return this.#end('line', 'return')
    }
    if (this.isBlankLine && (byte === SPACE || byte === TAB)) {
      this.#place = 'blanks'
      return 'text'
    }
    if (byte === QUOTE && this.#place !== 'plain' && this.#place !== 'blanks') {
      const isDoubled = this.#place === 'closing'
      this.#place = 'quoted'
      return isDoubled ? 'text' : 'nothing'
    }
    this.#place = 'plain'
    return 'text'
  }

  #end(place: 'line' | 'cell', what: CsvByte): CsvByte {
    this.#place = place
    return what
  }
}
