import { GichoError } from '@gicho/core'
import { isPacked, type PublishedFile } from './published-file.ts'

/** Every IDX file of unsigned bytes begins so. */
const IDX_START = [0, 0, 8]

/** The bytes of a file that have arrived so far, in order from its start. */
export class PartialDownload {
  /** How many of the bytes have been saved to a part. */
  saved = 0
  readonly #file: PublishedFile
  #buffer: Uint8Array
  #length = 0

  constructor(file: PublishedFile) {
    this.#file = file
    this.#buffer = new Uint8Array(file.packedBytes)
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  get length(): number {
    return this.#length
  }

  /** The whole file's size: the packed one, or the unpacked one where a proxy has unpacked it. */
  get totalBytes(): number {
    return this.packed || this.#length < 2 ? this.#file.packedBytes : this.#file.bytes
  }

  /** Only a packed file can be resumed: a range of an unpacked one may mean either form. */
  get packed(): boolean {
    return isPacked(this.#file, this.bytes)
  }

  get complete(): boolean {
    return this.#length === this.totalBytes
  }

  /** @throws GichoError `bad-data` when another kind of file comes, or more than the published file has */
  append(chunk: Uint8Array, where: string): void {
    const length = this.#length + chunk.length
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(this.#file.bytes, length))
      larger.set(this.bytes)
      this.#buffer = larger
    }
    this.#buffer.set(chunk, this.#length)
    this.#length = length
    this.#checkStart(where)
    if (length > this.totalBytes) this.#tooLong(where)
  }

  clear(): void {
    this.#length = 0
    this.saved = 0
  }

  /** An error page that came with status 200 is told apart from a file that is cut off. */
  #checkStart(where: string): void {
    const start = this.bytes.subarray(0, IDX_START.length)
    const zip = this.#file.packing === 'zip'
    if (start.length < IDX_START.length || this.packed) return
    if (!zip && IDX_START.every((byte, i) => byte === start[i])) return
    const found = Array.from(start, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
    throw new GichoError(
      'bad-data',
      `${where}: expected a ${zip ? 'zip archive' : 'gzip or IDX file'}, got one that begins with ${found}.`,
    )
  }

  #tooLong(where: string): never {
    throw new GichoError(
      'bad-data',
      `${where}: expected ${this.totalBytes} bytes, got more. It isn't the published file.`,
    )
  }
}
