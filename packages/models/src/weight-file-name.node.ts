import { createHash } from 'node:crypto'

// Kind, first 16 hexadecimal digits of the SHA-256, place.
const OWN_NAME = /^(?:weights|optimizer)-([0-9a-f]{16})-\d+of\d+\.bin$/

/** A name that only this content has, so that a file of that name never needs to change. */
export function weightFileName(kind: 'weights' | 'optimizer', bytes: Uint8Array, place: number, count: number): string {
  return `${kind}-${digest(bytes)}-${place}of${count}.bin`
}

/** True for the names that {@link weightFileName} gives. */
export function isWeightFileName(name: string): boolean {
  return OWN_NAME.test(name)
}

/** False when the name says another content; other people's names say nothing. */
export function fitsName(name: string, bytes: Uint8Array): boolean {
  const named = OWN_NAME.exec(name)?.[1]
  return named === undefined || named === digest(bytes)
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}
