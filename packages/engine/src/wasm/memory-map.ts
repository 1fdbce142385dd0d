/*
 * Where everything lies in the arena: the threads' records, the data as bytes, the regions of weights, slots and gradients, the
 * order of the rows and the rates of a run, and behind it all the plans, which are made when they are first needed.
 */
import type { Buffer, Ref } from '../ops/emitter.ts'

const ALIGN = 64
const align = (bytes: number): number => (bytes + ALIGN - 1) & ~(ALIGN - 1)

/** Rows that one run of steps may take at most: its order and sample weights have room for so many. */
export const MAX_RUN_ROWS: number = 65536
const FIRST_ADDRESS = 1024
/** Bytes of a thread's record. */
export const CONTEXT_BYTES = 64

/** Hands out memory from the bottom up. */
export class MemoryMap {
  #end = FIRST_ADDRESS

  get end(): number {
    return this.#end
  }

  /** A place of `bytes`, aligned to cache lines. */
  take(bytes: number): number {
    const address = this.#end
    this.#end = align(address + bytes)
    return address
  }

  /** The same, as a place that plans can name. */
  place(name: string, bytes: number): Ref {
    const buffer: Buffer = { name, bytes, kind: 'kept', address: this.take(bytes) }
    return { buffer, offset: 0 }
  }

  /** Raises the end behind a plan that laid itself out from it. */
  moveTo(end: number): void {
    this.#end = align(end)
  }
}

/** The address of a place. */
export function addressOf(ref: Ref): number {
  return ref.buffer.address + ref.offset
}
