/* Holds every address of a GPU's plan against its buffer before a shader is written: see check-calls.ts. */
import type { Buffer } from '../ops/emitter.ts'
import { type GpuTouch, gpuExtents } from '../ops/gpu-extents.ts'
import type { GpuCall, GpuKernelName, GpuKernels } from '../ops/gpu-table.ts'
import { checkExtent, wrongCall } from './check-calls.ts'

/** Ends of the plan's memory, of numbers and of 16-bit floats. */
interface Ends {
  readonly end: number
  readonly halfEnd: number
}

/**
 * Checks the addresses of calls.
 *
 * @param buffersOf the buffers that a call's arguments name
 * @throws GichoError `engine-failed` for bytes outside a buffer, or a place of which nobody says how far it is touched
 */
export function checkGpuCalls(
  calls: readonly GpuCall[],
  buffersOf: (args: object) => readonly Buffer[],
  ends: Ends,
): void {
  for (const call of calls) {
    const touched = touchedBy(call.kernel, call.args)
    for (const { at, bytes } of touched) checkExtent(call.kernel, at.buffer.name, at, { from: 0, to: bytes })
    const known = new Set(touched.map(({ at }) => at.buffer))
    for (const buffer of buffersOf(call.args)) {
      if (!known.has(buffer)) throw wrongCall(call.kernel, `nothing says how far "${buffer.name}" is touched`)
      const end = buffer.half ? ends.halfEnd : ends.end
      if (!(buffer.address > 0 && buffer.address + buffer.bytes <= end))
        throw wrongCall(call.kernel, `"${buffer.name}" lies outside the memory`)
    }
  }
}

function touchedBy<K extends GpuKernelName>(kernel: K, args: GpuKernels[GpuKernelName]): GpuTouch[] {
  const rule = gpuExtents[kernel] as (given: GpuKernels[GpuKernelName]) => readonly (GpuTouch | undefined)[]
  return rule(args).filter((touch) => touch !== undefined)
}
