import { unshared } from './bytes.ts'
import { portableSha256 } from './portable-sha256.ts'

/** The SHA-256 of some bytes, in lower-case hexadecimal. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  // Pages that come over plain http have no crypto.subtle; their files are checked all the same.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle
  const digest = subtle ? new Uint8Array(await subtle.digest('SHA-256', unshared(bytes))) : portableSha256(bytes)
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
