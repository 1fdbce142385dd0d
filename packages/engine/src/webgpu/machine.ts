/*
 * Buffers of a session and the way in which steps get to the device: the commands of many steps are encoded into one submit, whose
 * only host-to-device bytes are the run's rows and a record a step.
 */
import { GichoError, type ImageDataset } from '@gicho/core'
import type { Ref } from '../ops/emitter.ts'
import { GpuArena } from './arena.ts'
import { DeviceWatch } from './device-watch.ts'
import { STEP_BYTES } from './kernels/shader.ts'
import { Profiler, type RunTimes } from './profiler.ts'
import { type Program, type Programs, programsOf } from './programs.ts'

/** Steps that one submit may take. */
export const RUN_STEPS = 512
/** The same where dispatches are timed. */
const PROFILED_STEPS = 16
/** Bytes of a step's sums. */
export const SUMS_BYTES = 16

/** Bytes of an image set, and of its labels. */
interface SetBuffers {
  readonly images: GPUBuffer
  readonly labels: GPUBuffer
}

/** A bind group with the buffers in it that may grow. */
interface BoundBuffers {
  readonly arena: GPUBuffer
  readonly halves: GPUBuffer
  readonly group: GPUBindGroup
}

/** What one step is told. */
export interface StepRecord {
  readonly step: number
  /** Its first row in the run's order. */
  readonly first: number
  readonly rate: number
  readonly plainRate: number
  readonly clip: number
  /** What it does: a step of the plan, and perhaps the update. */
  readonly programs: readonly Program[]
}

/** Steps on one set of images, with what they read: order, weights and draws of their rows. */
export interface Run {
  readonly set: string
  readonly steps: readonly StepRecord[]
  /** Parts of the run's rows, each with its first word. */
  readonly rows: readonly (readonly [word: number, values: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>])[]
}

export class GpuMachine {
  readonly device: GPUDevice
  readonly watch: DeviceWatch
  readonly programs: Programs
  readonly arena: GpuArena
  /** Tensors as 16-bit floats, where a plan has any. */
  readonly halves: GpuArena
  /** Where dispatches are timed. */
  readonly profiler: Profiler | undefined
  readonly #sets = new Map<string, SetBuffers>()
  readonly #groups = new Map<string, BoundBuffers>()
  readonly #rows: GPUBuffer
  readonly #steps: GPUBuffer

  constructor(device: GPUDevice, rowWords: number, profiles = false) {
    this.device = device
    const { programs, watch } = programsOf(device, () => new DeviceWatch(device))
    this.programs = programs
    this.watch = watch
    this.arena = new GpuArena(device, watch)
    this.halves = new GpuArena(device, watch)
    this.profiler = profiles ? new Profiler(device, watch) : undefined
    const { STORAGE, UNIFORM, COPY_DST } = GPUBufferUsage
    this.#rows = device.createBuffer({ label: 'rows', size: rowWords * 4, usage: STORAGE | COPY_DST })
    this.#steps = device.createBuffer({ label: 'steps', size: RUN_STEPS * STEP_BYTES, usage: UNIFORM | COPY_DST })
  }

  /** Steps that one submit may take: few where each dispatch has its timestamps. */
  get runSteps(): number {
    return this.profiler ? PROFILED_STEPS : RUN_STEPS
  }

  /** Makes room for images, and loads them where they are given. @throws GichoError `out-of-memory` for more than the device binds */
  async placeSet(
    name: string,
    imageBytes: number,
    length: number,
    set?: Pick<ImageDataset, 'images' | 'labels'>,
  ): Promise<void> {
    const { maxStorageBufferBindingSize: most } = this.device.limits
    if (imageBytes > most) {
      throw new GichoError(
        'out-of-memory',
        `engine webgpu: the ${name} images take ${imageBytes} bytes in one buffer, and this device binds at most ${most}. ` +
          'Train on fewer images, or with the wasm engine.',
      )
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
    const size = (bytes: number): number => Math.max(4, Math.ceil(bytes / 4) * 4)
    const labels = set ? Uint32Array.from(set.labels) : new Uint32Array(length)
    await this.watch.scoped(this.device, `${name} images`, () => {
      const images = this.device.createBuffer({ label: `${name} images`, size: size(imageBytes), usage })
      const buffer = this.device.createBuffer({ label: `${name} labels`, size: size(labels.byteLength), usage })
      this.#sets.set(name, { images, labels: buffer })
      if (!set) return
      this.writeImages(name, set.images)
      this.#write(buffer, 0, labels)
    })
  }

  writeImages(name: string, images: Uint8Array): void {
    const buffer = this.#sets.get(name)?.images
    if (!buffer) return
    // Whole words: the last few bytes go padded.
    const whole = images.length - (images.length % 4)
    if (whole > 0) this.#write(buffer, 0, new Uint8Array(images.subarray(0, whole)))
    if (whole === images.length) return
    const rest = new Uint8Array(4)
    rest.set(images.subarray(whole))
    this.#write(buffer, whole, rest)
  }

  /** Every write into a buffer besides the arenas. @throws GichoError `engine-failed` for more bytes than it has */
  #write(
    buffer: GPUBuffer,
    at: number,
    data: Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
  ): void {
    if (at + data.byteLength > buffer.size) {
      throw new GichoError(
        'engine-failed',
        `engine webgpu: ${data.byteLength} bytes at ${at} don't fit into "${buffer.label}", which has ${buffer.size}. ` +
          'Nothing was written. Report it with your model.',
      )
    }
    this.device.queue.writeBuffer(buffer, at, data)
  }

  /** Sends a run to the device; gives what reads each step's sums, `sumsAt` in the arena, when it is done. */
  async run({ set, steps, rows }: Run, sumsAt: Ref): Promise<Float32Array> {
    const dispatches = steps.flatMap(({ programs }) => programs.flatMap((program) => program.dispatches))
    const times = this.profiler?.start(dispatches.length)
    const [staging] = await this.watch.scoped(this.device, 'a run of steps', () => {
      for (const [word, values] of rows) this.#write(this.#rows, word * 4, values)
      this.#writeSteps(steps)
      const group = this.#group(set)
      const encoder = this.device.createCommandEncoder()
      if (times) encodeTimed(encoder, group, steps, times)
      else encodeSteps(encoder, group, steps)
      const sums = this.arena.stage(encoder, sumsAt, steps.length * SUMS_BYTES)
      times?.resolve(encoder)
      this.device.queue.submit([encoder.finish()])
      return [sums]
    })
    const sums = new Float32Array((await this.arena.take(staging)).buffer)
    await times?.collect(dispatches.map(({ name }) => name))
    return sums
  }

  #writeSteps(steps: readonly StepRecord[]): void {
    const data = new ArrayBuffer(steps.length * STEP_BYTES)
    const words = new Uint32Array(data)
    const floats = new Float32Array(data)
    steps.forEach(({ step, first, rate, plainRate, clip }, index) => {
      const start = (index * STEP_BYTES) / 4
      words.set([step, first, index], start)
      floats.set([rate, plainRate, clip], start + 3)
    })
    this.#write(this.#steps, 0, words)
  }

  #group(set: string): GPUBindGroup {
    const [arena, halves] = [this.arena.buffer, this.halves.buffer]
    const before = this.#groups.get(set)
    if (before?.arena === arena && before.halves === halves) return before.group
    const buffers = this.#sets.get(set)
    if (!buffers) throw new TypeError(`no images ${set}`)
    const bound = [arena, buffers.images, buffers.labels, this.#rows]
    const group = this.device.createBindGroup({
      layout: this.programs.layout,
      entries: [
        ...bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
        { binding: 4, resource: { buffer: this.#steps, size: 32 } },
        { binding: 5, resource: { buffer: halves } },
      ],
    })
    this.#groups.set(set, { arena, halves, group })
    return group
  }

  /** Frees every buffer; the device stays its owner's. */
  dispose(): void {
    this.arena.dispose()
    this.halves.dispose()
    for (const { images, labels } of this.#sets.values()) {
      images.destroy()
      labels.destroy()
    }
    this.#rows.destroy()
    this.#steps.destroy()
  }
}

/** All steps in one pass. */
function encodeSteps(encoder: GPUCommandEncoder, group: GPUBindGroup, steps: readonly StepRecord[]): void {
  const pass = encoder.beginComputePass()
  steps.forEach(({ programs }, index) => {
    pass.setBindGroup(0, group, [index * STEP_BYTES])
    for (const { dispatches } of programs) {
      for (const { pipeline, workgroups } of dispatches) {
        pass.setPipeline(pipeline)
        pass.dispatchWorkgroups(...workgroups)
      }
    }
  })
  pass.end()
}

/** Each dispatch in a pass of its own: only passes have timestamps. */
function encodeTimed(
  encoder: GPUCommandEncoder,
  group: GPUBindGroup,
  steps: readonly StepRecord[],
  times: RunTimes,
): void {
  let index = 0
  for (const [step, { programs }] of steps.entries()) {
    for (const { pipeline, workgroups } of programs.flatMap((program) => program.dispatches)) {
      const timestampWrites = times.writes(index++)
      const pass = encoder.beginComputePass(timestampWrites ? { timestampWrites } : {})
      pass.setBindGroup(0, group, [step * STEP_BYTES])
      pass.setPipeline(pipeline)
      pass.dispatchWorkgroups(...workgroups)
      pass.end()
    }
  }
}
