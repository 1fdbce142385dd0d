/** Where downloads are kept between runs. Methods may reject; a cache that fails never stops a load that otherwise works. */
export interface FileCache {
  /** For people: `cache /home/me/.cache/gicho/mnist`. */
  readonly place: string
  /** @throws GichoError `bad-data` for a file of more than `maxBytes` */
  read(name: string, maxBytes: number): Promise<Uint8Array | undefined>
  /** The same, of a file that nobody else can have written; absent where that can't be told. */
  readOwn?(name: string, maxBytes: number): Promise<Uint8Array | undefined>
  /** The file is there whole or not at all. */
  write(name: string, bytes: Uint8Array): Promise<void>
  remove(name: string): Promise<void>
  /** Absent where starts of unfinished downloads can't be kept. */
  readonly parts?: PartStore
}

/**
 * Starts of unfinished downloads. A part is a hint, not data: the finished download is checked as a whole, so a part
 * that two processes wrote at the same time costs a new download at worst.
 */
interface PartStore {
  read(name: string, maxBytes: number): Promise<Uint8Array | undefined>
  /** Makes the part equal to `bytes`, of which the first `from` are there already. */
  write(name: string, bytes: Uint8Array, from: number): Promise<void>
  remove(name: string): Promise<void>
}
