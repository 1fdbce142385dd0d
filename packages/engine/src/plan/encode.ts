import { GichoError } from '@gicho/core'
import { HEADER_WORDS, kernelNames, kernelTable } from '../ops/kernel-table.ts'
import type { Plan } from './plan.ts'
import type { Call } from './schedule.ts'

const float = new Float32Array(1)
const bits = new Int32Array(float.buffer)

function floatBits(value: number): number {
  float[0] = value
  return bits[0] ?? 0
}

function encodeCall(call: Call): number[] {
  const names: readonly string[] = kernelTable[call.kernel]
  const words = names.map((name) => {
    const value = call.args[name]
    if (value === undefined) return 0
    if (typeof value === 'number') return name.endsWith('f') ? floatBits(value) : value
    if (value.buffer.address === 0)
      throw new GichoError('engine-failed', `plan: ${call.kernel}.${name} (${value.buffer.name}) has no address.`)
    return value.buffer.address + value.offset
  })
  return [kernelNames.indexOf(call.kernel), call.tiles, (HEADER_WORDS + words.length) * 4, 0, ...words]
}

/** The instructions of a plan as the interpreter reads them. */
export function encodePlan(plan: Plan): Int32Array {
  const barrier = [kernelNames.indexOf('barrier'), 0, HEADER_WORDS * 4, 0]
  const words = plan.stages.flatMap((calls, stage) => [...(stage === 0 ? [] : barrier), ...calls.flatMap(encodeCall)])
  return Int32Array.from([...words, kernelNames.indexOf('end'), 0, HEADER_WORDS * 4, 0])
}
