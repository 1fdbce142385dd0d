import { GichoError } from '@gicho/core'
import { joined } from './bytes.ts'

/** A file whose bytes come in pieces: on disk, inside an archive, or dropped on a page. */
export interface ByteFile {
  /** Its name without folders. */
  readonly name: string
  /** Its path, or what else tells a person where it is. */
  readonly where: string
  /** The bytes from the start, in order; each piece is valid until the next one is asked for: copy what you keep. */
  pieces(): AsyncIterable<Uint8Array>
}

/** A `File` of a page as a byte file. */
export function blobFile(file: Blob & { readonly name: string }): ByteFile {
  return { name: file.name, where: file.name, pieces: () => streamPieces(file.stream()) }
}

/** The pieces of a stream; not every browser can iterate over one. */
async function* streamPieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** The first bytes of a file (fewer where it is shorter), and all of its pieces, those first ones included. */
export async function peek(
  pieces: AsyncIterable<Uint8Array>,
  count: number,
): Promise<{ start: Uint8Array; pieces: AsyncIterable<Uint8Array> }> {
  const rest = pieces[Symbol.asyncIterator]()
  const held: Uint8Array[] = []
  let size = 0
  while (size < count) {
    const piece = await rest.next()
    if (piece.done) break
    held.push(piece.value.slice())
    size += piece.value.length
  }
  return { start: joined(held, size).subarray(0, count), pieces: chain(held, rest) }
}

async function* chain(held: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* held
    for (let piece = await rest.next(); !piece.done; piece = await rest.next()) yield piece.value
  } finally {
    await rest.return?.()
  }
}

/** How many bytes may still come, of all files together that share it. */
export interface Allowance {
  leftBytes: number
}

/** The whole file in memory. @throws GichoError `bad-data` when it is larger than what is allowed */
export async function collect(
  pieces: AsyncIterable<Uint8Array>,
  where: string,
  allowed: Allowance | number,
): Promise<Uint8Array> {
  const held: Uint8Array[] = []
  let size = 0
  for await (const piece of limited(pieces, where, allowed)) {
    held.push(piece.slice())
    size += piece.length
  }
  return joined(held, size)
}

/** The same pieces; ends with a GichoError `bad-data` when more come than are allowed, to this file or to those that share it. */
export async function* limited(
  pieces: AsyncIterable<Uint8Array>,
  where: string,
  allowed: Allowance | number,
): AsyncGenerator<Uint8Array> {
  const allowance = typeof allowed === 'number' ? { leftBytes: allowed } : allowed
  const most = allowance.leftBytes
  for await (const piece of pieces) {
    allowance.leftBytes -= piece.length
    if (allowance.leftBytes < 0) {
      throw new GichoError(
        'bad-data',
        `${where}: expected at most ${most} bytes, got more. It is another file than its name says: get it anew.`,
      )
    }
    yield piece
  }
}

/**
 * Unpacks gzip, or a zip member's raw deflate, as it comes; one piece is in flight at a time.
 *
 * @throws GichoError `bad-data` when the data is damaged or cut off
 */
export async function* decompressed(
  pieces: AsyncIterable<Uint8Array>,
  format: 'gzip' | 'deflate-raw',
  where: string,
): AsyncGenerator<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]()
  let failed: { readonly cause: unknown } | undefined
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const piece = await iterator.next()
        if (piece.done) controller.close()
        else controller.enqueue(new Uint8Array(piece.value)) // a copy: streams read ahead
      } catch (cause) {
        failed = { cause }
        controller.error(cause)
      }
    },
    async cancel() {
      await iterator.return?.()
    },
  })
  try {
    yield* streamPieces(source.pipeThrough(new DecompressionStream(format)))
  } catch (cause) {
    if (failed) throw failed.cause // reading failed, not unpacking
    throw new GichoError(
      'bad-data',
      `${where}: expected whole ${format === 'gzip' ? 'gzip' : 'deflate'} data, got some that is damaged or cut off. Get it anew.`,
      { cause },
    )
  }
}
