import { GichoError } from '@gicho/core'
import { joined, unshared } from './bytes.ts'

/** True when the bytes begin as a gzip file does (1f 8b); the name says nothing, a proxy may have unpacked it already. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** How to tell a file's whole size from its first bytes. */
export interface SizeInHeader {
  readonly headerBytes: number
  /** @throws GichoError for a header that is none, or that says more than `packedBytes` can hold */
  sizeOf(header: Uint8Array, packedBytes: number): number
}

/**
 * Unpacks gzip; other bytes are given back as they are.
 *
 * @param limit stops an archive that unpacks to more than this, or than what its own header says
 * @throws GichoError `bad-data` when the gzip is damaged, cut off, or unpacks to more; what the header's reader throws
 */
export async function unpack(bytes: Uint8Array, fileName: string, limit: number | SizeInHeader): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes
  const reader = new Blob([unshared(bytes)]).stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  let maxBytes = typeof limit === 'number' ? limit : undefined
  while (size <= (maxBytes ?? size)) {
    const chunk = await reader.read().catch((cause: unknown) => damaged(fileName, bytes.length, cause))
    if (chunk.done) return joined(chunks, size)
    chunks.push(chunk.value)
    size += chunk.value.length
    if (typeof limit !== 'number' && maxBytes === undefined && size >= limit.headerBytes) {
      maxBytes = limit.sizeOf(joined(chunks, size).subarray(0, limit.headerBytes), bytes.length)
    }
  }
  await reader.cancel()
  throw new GichoError(
    'bad-data',
    `${fileName}: expected gzip of at most ${maxBytes} bytes, got more. It is another file than its name says: get it anew.`,
  )
}

function damaged(fileName: string, length: number, cause: unknown): never {
  throw new GichoError(
    'bad-data',
    `${fileName}: expected a whole gzip file, got ${length} bytes that are damaged or cut off. Get it anew.`,
    { cause },
  )
}
