/**
 * The same bytes in memory that isn't shared: WebCrypto and streams refuse a SharedArrayBuffer. Copies only where it
 * must; a Node Buffer becomes a plain Uint8Array.
 */
export function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(bytes)
}

/** Pieces one after the other, `size` bytes in all. */
export function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
