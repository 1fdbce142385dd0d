import { GichoError } from '@gicho/core'
import type { Buffer, Ref } from '../ops/emitter.ts'
import { alignToLine } from './align.ts'

const FIRST_ADDRESS = 1024

/** Hands out memory from the bottom up. */
export class MemoryMap {
  #end = FIRST_ADDRESS

  get end(): number {
    return this.#end
  }

  /** A place of `bytes`, aligned to cache lines. */
  take(bytes: number): number {
    const address = this.#end
    this.#end = alignToLine(address + bytes)
    return address
  }

  /** The same, as a place that plans can name. */
  place(name: string, bytes: number): Ref {
    const buffer: Buffer = { name, bytes, kind: 'kept', address: this.take(bytes) }
    return { buffer, offset: 0 }
  }

  /** Moves the end: behind a plan that laid itself out from it, or back to where a plan that found no room began. */
  moveTo(end: number): void {
    this.#end = alignToLine(end)
  }
}

/** The address of a place. */
export function addressOf(ref: Ref): number {
  return ref.buffer.address + ref.offset
}

/**
 * The address of a place that is about to be read or written: every access of the host comes through here.
 *
 * @throws GichoError `engine-failed` where so many bytes would go over what was reserved for it
 */
export function guardedAddress(ref: Ref, bytes: number): number {
  const { name, bytes: reserved } = ref.buffer
  if (ref.offset >= 0 && ref.offset + bytes <= reserved) return addressOf(ref)
  throw new GichoError(
    'engine-failed',
    `engine: ${bytes} bytes at ${ref.offset} don't fit into "${name}", for which ${reserved} were reserved. ` +
      'Nothing was written. Report it with your model.',
  )
}
