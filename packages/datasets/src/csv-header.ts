import { GichoError } from '@gicho/core'
import type { CsvCells } from './csv-cells.ts'

/** A header line of a hundred thousand columns fits; a file without line ends must not fill the memory. */
const MAX_HEADER_BYTES = 1 << 20
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/** Takes the first line out of a CSV that comes in pieces. */
export class CsvHeader {
  readonly #where: string
  readonly #cells: CsvCells
  /** The line as it stands in the file, and its cells without their quotes. */
  readonly #bytes: number[] = []
  readonly #fields: number[][] = [[]]
  #marks = 0

  /** @param cells of the whole file, which the header is the start of */
  constructor(where: string, cells: CsvCells) {
    this.#where = where
    this.#cells = cells
  }

  /**
   * @returns the index in `piece` behind the header's line end, or undefined while the line goes on
   * @throws GichoError `bad-data` when the line never ends
   */
  push(piece: Uint8Array): number | undefined {
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at] ?? 0
      if (this.#isMark(byte)) continue
      const what = this.#cells.next(byte)
      if (what === 'newline' || what === 'return') return at + 1
      this.#bytes.push(byte)
      if (what === 'comma') this.#fields.push([])
      else if (what === 'text') this.#fields.at(-1)?.push(byte)
      if (this.#bytes.length <= MAX_HEADER_BYTES) continue
      throw new GichoError(
        'bad-data',
        `${this.#where}: expected a header line of at most ${MAX_HEADER_BYTES} bytes, got no line end by then. ${hint(Uint8Array.from(this.#bytes.slice(0, 8)))}`,
      )
    }
    return undefined
  }

  /** A byte order mark stands in front of everything, a quote too. */
  #isMark(byte: number): boolean {
    if (this.#marks >= BYTE_ORDER_MARK.length || this.#bytes.length > 0) return false
    if (byte !== BYTE_ORDER_MARK[this.#marks]) return false
    this.#marks++
    return true
  }

  /**
   * The columns' names; a UTF-8 byte order mark and quotes around a name are left out.
   *
   * @throws GichoError `bad-data` for an empty file, one that isn't text, and one whose first line holds numbers
   */
  names(): readonly string[] {
    const bytes = Uint8Array.from(this.#bytes)
    if (bytes.length === 0) {
      throw new GichoError(
        'bad-data',
        `${this.#where}: expected a header line with the columns' names, got an empty file or line. Get the file anew.`,
      )
    }
    const text = new TextDecoder().decode(bytes)
    if (!/^[\t\n\r\x20-\x7e\u00a0-\ufffc]+$/.test(text)) {
      throw new GichoError(
        'bad-data',
        `${this.#where}: expected a header line of UTF-8 text, got ${hex(bytes)}. ${hint(bytes)}`,
      )
    }
    const names = this.#fields.map((field) => new TextDecoder().decode(Uint8Array.from(field)).trim())
    if (names.every((name) => name !== '' && Number.isFinite(Number(name)))) {
      throw new GichoError(
        'bad-data',
        `${this.#where}: expected a header line with the columns' names, got ${names.length} numbers ("${shorten(text)}"). ` +
          'Put the line with the names before the first row.',
      )
    }
    return names
  }
}

/** What a file that begins so is, as far as people have met it, and what to do. */
function hint(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 4))
  if (start.startsWith('PK')) return 'The file is a zip archive: name it .zip, or unpack it first.'
  if (start.startsWith('\x1f\x8b')) return 'The file is gzipped twice: unpack it once.'
  if (start.startsWith('<')) return 'The file looks like a web page, as a failed download leaves it: get it anew.'
  if (start.startsWith('\xff\xfe') || start.startsWith('\xfe\xff')) return 'The file is UTF-16: save it as UTF-8.'
  return "The file isn't a CSV: get it anew."
}

function hex(bytes: Uint8Array): string {
  return `bytes that begin with ${Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`
}

function shorten(text: string): string {
  return text.length > 24 ? `${text.slice(0, 24)}…` : text
}
