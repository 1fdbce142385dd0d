import { checkOptionNames, GichoError, type ImageShape } from '@gicho/core'
import { joined } from './bytes.ts'
import { CsvTableReader, type CsvTableSink } from './csv-table.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof ImageTableOptions, true>> = { shape: true, classes: true, where: true }

/** Labelled images out of a CSV. */
export interface ImageTable {
  /** [length, height, width, channels] row-major, 0..255. */
  readonly images: Uint8Array
  /** [length], as the file has them. */
  readonly labels: Uint8Array
  readonly length: number
}

/** What {@link parseImageCsv} holds the file against. */
export interface ImageTableOptions {
  /** What the pixels of a row form. */
  readonly shape: ImageShape
  /** Labels must be below this. Default 256. */
  readonly classes?: number
  /** The file's name or path, for error messages. */
  readonly where: string
}

/**
 * Reads a CSV of images, one a row: `label,pixel1,…,pixelN`, whole numbers 0..255, LF or CRLF.
 *
 * @param pieces the file in pieces, or whole as `[bytes]`
 * @throws GichoError `bad-data` naming row and column where the header, a cell, a row or a label is wrong
 *
 * @example
 * await parseImageCsv(file.stream(), { shape: [28, 28, 1], where: file.name })
 */
export async function parseImageCsv(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ImageTableOptions,
): Promise<ImageTable> {
  checkOptionNames('parseImageCsv', options, NAMES)
  const rows = new ImageRows(options)
  const reader = new CsvTableReader(options.where, rows)
  for await (const piece of pieces) reader.push(piece)
  reader.end()
  return rows.table()
}

/** Parts the first column from the others. */
class ImageRows implements CsvTableSink {
  readonly #options: ImageTableOptions
  readonly #pixels: number
  readonly #images: Uint8Array[] = []
  readonly #labels: Uint8Array[] = []
  #length = 0

  constructor(options: ImageTableOptions) {
    this.#options = options
    this.#pixels = options.shape.reduce((product, size) => product * size, 1)
  }

  header(names: readonly string[]): void {
    const [first = '', second = ''] = names
    if (names.length === this.#pixels + 1 && first.toLowerCase() === 'label') return
    const found = names.length > 2 ? `${first},${second},… (${names.length} columns)` : names.join(',')
    throw new GichoError(
      'bad-data',
      `${this.#options.where}: expected the header label,pixel1,…,pixel${this.#pixels} (${this.#pixels + 1} columns), ` +
        `got ${found}. Name the CSV that has a label and ${this.#pixels} pixels a row.`,
    )
  }

  rows(values: Uint8Array, rows: number): void {
    const pixels = this.#pixels
    const classes = this.#options.classes ?? 256
    const images = new Uint8Array(rows * pixels)
    const labels = new Uint8Array(rows)
    for (let row = 0; row < rows; row++) {
      const start = row * (pixels + 1)
      const label = values[start] ?? 0
      if (label >= classes) this.#wrongLabel(this.#length + row + 1, label, classes)
      labels[row] = label
      images.set(values.subarray(start + 1, start + 1 + pixels), row * pixels)
    }
    this.#images.push(images)
    this.#labels.push(labels)
    this.#length += rows
  }

  table(): ImageTable {
    const length = this.#length
    return { images: joined(this.#images, length * this.#pixels), labels: joined(this.#labels, length), length }
  }

  #wrongLabel(row: number, label: number, classes: number): never {
    throw new GichoError(
      'bad-data',
      `${this.#options.where}, row ${row}, column 1 ("label"): expected a label 0..${classes - 1}, got ${label}. ` +
        'Correct the label, or get the file anew.',
    )
  }
}
