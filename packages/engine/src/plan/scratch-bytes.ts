import type { KernelName } from '../ops/kernel-table.ts'
import type { Plan } from './plan.ts'
import type { Call } from './schedule.ts'

/** What a kernel needs of each thread's own memory, from its arguments. Kernels that aren't named need a few words at most. */
const needs: Partial<Record<KernelName, (a: (name: string) => number) => number>> = {
  gatherDrawn: (a) => (a('height') + 2) * (a('width') + 2) * a('channels') * 8,
  denseDx: (a) => a('columns') * 32,
  denseDw: (a) => a('batch') * 32 + Math.max(a('tileInputs') * 32, 640),
  convDw: (a) => a('segmentLength') * 32,
  reduceUpdate: (a) => a('tileWords') * 4,
  stemForward: (a) => a('width') * a('columns') * 8,
  stemGrad: (a) => a('width') * a('columns') * 8,
  winogradConv: (a) => 320 + windows(a) * 64 * (a('inputs') + a('columns')),
  winogradDw: (a) => 256 + windows(a) * 64 * (a('inputs') + a('columns')),
  winogradUpdate: (a) => 256 + 9 * 32 * a('tileInputs'),
  normGradFinish: (a) => a('columns') * 8,
  softmaxLoss: (a) => (a('classes') + 4) * 4,
}

function windows(a: (name: string) => number): number {
  return Math.ceil(a('height') / 2) * Math.ceil(a('width') / 2)
}

function callBytes(call: Call): number {
  const number = (name: string): number => {
    const value = call.args[name]
    return typeof value === 'number' ? value : 0
  }
  return (needs[call.kernel]?.(number) ?? 0) + 1024
}

/** Bytes that each thread needs for itself while it runs a plan. */
export function scratchBytes(plan: Plan): number {
  return Math.max(0, ...plan.stages.flat().map(callBytes))
}
