/*
 * Puts calls into stages. Between two barriers everything runs at once, so a call goes into the first stage behind every earlier
 * call that writes what it reads, or touches what it writes. Memory is then shared between tensors whose stages don't overlap.
 */
import type { Buffer, Ref } from '../ops/emitter.ts'
import type { KernelName } from '../ops/kernel-table.ts'
import { alignToLine } from './align.ts'

export interface Call {
  readonly kernel: KernelName
  readonly tiles: number
  readonly args: Readonly<Record<string, number | Ref | undefined>>
  readonly writes: readonly Buffer[]
  readonly reads: readonly Buffer[]
}

/** Calls by stage, in their order. */
export function schedule(calls: readonly Call[]): Call[][] {
  const stages: Call[][] = []
  const lastWrite = new Map<Buffer, number>()
  const lastRead = new Map<Buffer, number>()
  for (const call of calls) {
    let stage = 0
    for (const buffer of call.reads) stage = Math.max(stage, (lastWrite.get(buffer) ?? -1) + 1)
    for (const buffer of call.writes)
      stage = Math.max(stage, (lastWrite.get(buffer) ?? -1) + 1, (lastRead.get(buffer) ?? -1) + 1)
    for (const buffer of call.reads) lastRead.set(buffer, Math.max(stage, lastRead.get(buffer) ?? -1))
    for (const buffer of call.writes) lastWrite.set(buffer, stage)
    const list = stages[stage]
    if (list) list.push(call)
    else stages[stage] = [call]
  }
  return stages
}

/** What memory a call touches. */
type Touches = Pick<Call, 'reads' | 'writes'>

interface Lifetime {
  readonly buffer: Buffer
  first: number
  last: number
}

/**
 * Gives every buffer an address from `base` on: kept ones a place of their own, step buffers shared places, largest first.
 * Buffers that have an address already (weights, data) keep it. Returns the end.
 *
 * @param half true for the memory of 16-bit floats, false for all other
 */
export function allocate(stages: readonly (readonly Touches[])[], base: number, half = false): number {
  const lifetimes = new Map<Buffer, Lifetime>()
  stages.forEach((calls, stage) => {
    for (const buffer of calls.flatMap((call) => [...call.reads, ...call.writes])) {
      if (buffer.address !== 0 || (buffer.half ?? false) !== half) continue
      const life = lifetimes.get(buffer)
      if (life) life.last = stage
      else lifetimes.set(buffer, { buffer, first: stage, last: stage })
    }
  })
  let end = alignToLine(base)
  for (const { buffer } of lifetimes.values()) {
    if (buffer.kind !== 'kept') continue
    buffer.address = end
    end += alignToLine(buffer.bytes)
  }
  const shared = end
  const placed: Lifetime[] = []
  const steps = [...lifetimes.values()]
    .filter(({ buffer }) => buffer.kind === 'step')
    .sort((a, b) => b.buffer.bytes - a.buffer.bytes)
  for (const life of steps) {
    const rivals = placed
      .filter((other) => other.first <= life.last && life.first <= other.last)
      .sort((a, b) => a.buffer.address - b.buffer.address)
    let address = shared
    for (const rival of rivals) {
      if (address + alignToLine(life.buffer.bytes) <= rival.buffer.address) break
      address = Math.max(address, rival.buffer.address + alignToLine(rival.buffer.bytes))
    }
    life.buffer.address = address
    placed.push(life)
    end = Math.max(end, address + alignToLine(life.buffer.bytes))
  }
  return end
}
