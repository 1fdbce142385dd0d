import { GichoError } from '@gicho/core'
import { isGzip, unpack } from './gzip.ts'
import { sha256Hex } from './sha256.ts'
import { isZip } from './zip.ts'

/** A file as its publisher made it: what every copy of it is held against. */
export interface PublishedFile {
  /** Without `.gz`. */
  readonly name: string
  /** How it is published: as `name.gz`, the default, or as `name` itself, which is a zip archive and is kept packed. */
  readonly packing?: 'gzip' | 'zip'
  readonly packedBytes: number
  /** SHA-256 of the published `.gz` or zip. */
  readonly packedSha256: string
  readonly bytes: number
  /** SHA-256 of the unpacked file. */
  readonly sha256: string
  /** Throws where the unpacked bytes don't have the file's form: it says more exactly what is wrong than a hash. */
  checkForm(bytes: Uint8Array, where: string): Promise<unknown>
}

/** The name under which a file is published. */
export function packedName(file: PublishedFile): string {
  return file.packing === 'zip' ? file.name : `${file.name}.gz`
}

/** True when the bytes begin as the published form does. */
export function isPacked(file: PublishedFile, bytes: Uint8Array): boolean {
  return file.packing === 'zip' ? isZip(bytes) : isGzip(bytes)
}

/**
 * Checks a copy of a published file and unpacks it. A copy that somebody packed anew is as good as the published one.
 *
 * @param where the copy's path or address, for error messages
 * @throws GichoError `bad-data` when the copy is damaged, `bad-hash` when it isn't the published file
 */
export async function checkCopy(file: PublishedFile, copy: Uint8Array, where: string): Promise<Uint8Array> {
  const bytes = await unpack(copy, where, file.bytes)
  await file.checkForm(bytes, where)
  await checkHash(bytes, file.sha256, where)
  return bytes
}

/**
 * Checks a downloaded file and unpacks it. Nothing is unpacked that isn't the published archive to the bit; a download
 * that came unpacked (proxies do that) is checked as such.
 *
 * @throws GichoError `bad-hash` or `bad-data`
 */
export async function checkDownload(file: PublishedFile, download: Uint8Array, where: string): Promise<Uint8Array> {
  if (isGzip(download)) await checkHash(download, file.packedSha256, where)
  return checkCopy(file, download, where)
}

async function checkHash(bytes: Uint8Array, expected: string, where: string): Promise<void> {
  const found = await sha256Hex(bytes)
  if (found === expected) return
  throw new GichoError(
    'bad-hash',
    `${where}: expected SHA-256 ${expected}, got ${found}. It isn't the published file: get it anew.`,
  )
}
