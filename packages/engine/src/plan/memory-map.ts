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
