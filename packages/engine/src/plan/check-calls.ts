/* Holds every address of a plan against its buffer before anything runs: what a kernel reads and writes lies inside what was reserved. */
import { GichoError } from '@gicho/core'
import type { Ref } from '../ops/emitter.ts'
import { type Extent, extentsOf } from '../ops/kernel-extents.ts'
import { type KernelArguments, type KernelName, kernelTable } from '../ops/kernel-table.ts'
import type { Constant } from './plan-emitter.ts'
import type { Call } from './schedule.ts'

/** Tiles are multiplied by the number of threads in 32 bits. */
const MOST_TILES = 2 ** 25

/** Says that a plan is wrong, which is our fault and not the model's. */
export function wrongCall(kernel: string, detail: string): GichoError {
  return new GichoError('engine-failed', `plan: ${kernel}: ${detail}. Nothing was run. Report it with your model.`)
}

/** Refuses bytes that aren't the buffer's. @throws GichoError `engine-failed` */
export function checkExtent(kernel: string, name: string, { buffer, offset }: Ref, { from, to }: Extent): void {
  const [first, end] = [offset + from, offset + to]
  if (first >= 0 && end <= buffer.bytes && first <= end) return
  throw wrongCall(kernel, `${name} goes from ${first} to ${end} in "${buffer.name}", which has ${buffer.bytes} bytes`)
}

/**
 * Checks the addresses and numbers of calls.
 *
 * @param end of all memory that the plan may touch
 * @throws GichoError `engine-failed` for bytes outside a buffer, or an address of which nobody says how far it reaches
 */
export function checkCalls(calls: readonly Call[], constants: readonly Constant[], end: number): void {
  const lists = new Map(constants.map(({ buffer, words }) => [buffer, words]))
  for (const call of calls) checkCall(call, (ref) => lists.get(ref.buffer) ?? new Int32Array(0), end)
}

function checkCall({ kernel, tiles, args }: Call, wordsOf: (ref: Ref) => Int32Array, end: number): void {
  if (!(Number.isInteger(tiles) && tiles >= 1 && tiles <= MOST_TILES)) throw wrongCall(kernel, `${tiles} tiles`)
  const words = (name: string): Int32Array => {
    const ref = args[name]
    return typeof ref === 'object' ? wordsOf(ref) : new Int32Array(0)
  }
  const extents = extentsOf(kernel, numbersOf(kernel, args), { tiles, words })
  for (const [name, ref] of Object.entries(args)) {
    if (typeof ref !== 'object') continue
    const extent = extents[name]
    if (!extent) throw wrongCall(kernel, `nothing says how far ${name} reaches`)
    checkExtent(kernel, name, ref, extent)
    const { address, bytes, name: buffer } = ref.buffer
    if (!(address > 0 && address + bytes <= end)) throw wrongCall(kernel, `"${buffer}" lies outside the memory`)
  }
}

/** A call's numbers by name, 0 for its addresses and for what it leaves out. @throws GichoError `engine-failed` for one that isn't 32 bits */
function numbersOf<K extends KernelName>(kernel: K, args: Call['args']): KernelArguments<K> {
  const names: readonly string[] = kernelTable[kernel]
  const numbers = names.map((name): [string, number] => {
    const value = args[name]
    if (typeof value !== 'number') return [name, 0]
    if (!name.endsWith('f') && !(Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32))
      throw wrongCall(kernel, `${name} is ${value}, which is no number of 32 bits`)
    return [name, value]
  })
  return Object.fromEntries(numbers) as KernelArguments<K>
}
