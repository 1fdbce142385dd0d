/*
 * The threads and their memory. Shared: every worker runs each program, on memory that the host sees too. Unshared (a page without
 * cross-origin isolation): one worker owns the memory and the host speaks to it by messages. The session sees no difference.
 */
import { GichoError } from '@gicho/core'
import type { Ref } from '../ops/emitter.ts'
import { guardedAddress } from '../plan/memory-map.ts'
import { disposedError } from '../session/turns.ts'
import { Thread } from '../threads/thread.ts'
import { compileKernels } from './kernels-module.ts'
import type { Platform } from './platform.ts'
import type { WorkerAnswer, WorkerRequest } from './worker.ts'

const PAGE = 65536
const MAX_PAGES = 65536

type MachineThread = Thread<WorkerRequest, WorkerAnswer>

function sharedMemory(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: MAX_PAGES, shared: true })
  } catch (error) {
    throw new GichoError(
      'out-of-memory',
      'engine wasm: the machine refused the address space of a session (4 GiB). Dispose sessions that are no longer needed.',
      { cause: error },
    )
  }
}

/** A run of steps: arguments of the kernels' `run` after the thread's record. */
export interface RunRequest {
  readonly program: number
  readonly steps: number
  readonly firstStep: number
  readonly order: number
  readonly batch: number
  readonly rates: number
}

export interface MachineOptions {
  readonly threads: number
  /** Forces the builds that a runtime would not choose by itself; for tests and comparisons. */
  readonly relaxed: boolean
  readonly shared: boolean
}

export class Machine {
  readonly threads: number
  readonly #threads: MachineThread[]
  readonly #memory: WebAssembly.Memory | undefined
  #pages: number

  private constructor(threads: MachineThread[], memory: WebAssembly.Memory | undefined, pages: number) {
    this.threads = threads.length
    this.#threads = threads
    this.#memory = memory
    this.#pages = pages
  }

  /** Starts the workers. @throws GichoError `unavailable`, `out-of-memory`, `engine-failed` */
  static async start(platform: Platform, options: MachineOptions): Promise<Machine> {
    const module = await compileKernels(options)
    const pages = 16
    const memory = options.shared ? sharedMemory(pages) : undefined
    const count = options.shared ? options.threads : 1
    const threads = Array.from({ length: count }, (): MachineThread => new Thread('wasm', platform.spawn()))
    const machine = new Machine(threads, memory, pages)
    try {
      await Promise.all(threads.map((thread) => thread.ask({ type: 'start', module, memory: memory ?? { pages } })))
    } catch (error) {
      await machine.dispose()
      throw error
    }
    return machine
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.#pages * PAGE
  }

  /** Grows the memory to hold at least `bytes`. @throws GichoError `out-of-memory` */
  async reserve(bytes: number): Promise<void> {
    const missing = Math.ceil(bytes / PAGE) - this.#pages
    if (missing <= 0) return
    const refused = new GichoError(
      'out-of-memory',
      `engine wasm: ${(bytes / 2 ** 20).toFixed(0)} MiB are needed and the machine refused them. Use fewer images or a smaller batch.`,
    )
    if (this.#pages + missing > MAX_PAGES) throw refused
    try {
      if (this.#memory) this.#memory.grow(missing)
      else await this.#owner().ask({ type: 'grow', pages: missing })
    } catch (error) {
      throw new GichoError('out-of-memory', refused.message, { cause: error })
    }
    this.#pages += missing
  }

  /** Writes into a place. @throws GichoError `engine-failed` for more bytes than it has */
  async write(place: Ref, data: ArrayBufferView): Promise<void> {
    const address = guardedAddress(place, data.byteLength)
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    if (this.#memory) new Uint8Array(this.#memory.buffer).set(bytes, address)
    else await this.#owner().ask({ type: 'write', address, bytes })
  }

  /** A copy of the first `size` bytes of a place. @throws GichoError `engine-failed` for more than it has */
  async read(place: Ref, size: number): Promise<Uint8Array<ArrayBuffer>> {
    const address = guardedAddress(place, size)
    if (this.#memory) return Uint8Array.from(new Uint8Array(this.#memory.buffer, address, size))
    const answer = await this.#owner().ask({ type: 'read', address, size })
    return Uint8Array.from(answer.type === 'bytes' ? answer.bytes : [])
  }

  /** Runs steps on all threads; `contexts` are the addresses of their records. */
  async run(contexts: readonly number[], request: RunRequest): Promise<void> {
    const { program, steps, firstStep, order, batch, rates } = request
    const runs = this.#threads.map((thread, i) =>
      thread.ask({ type: 'run', arguments: [contexts[i] ?? 0, program, steps, firstStep, order, batch, rates] }),
    )
    try {
      await Promise.all(runs)
    } catch (error) {
      // The others may wait for the lost one at a barrier for ever.
      await this.dispose(error instanceof GichoError ? error : undefined)
      throw error
    }
  }

  /** Ends the workers, also in the middle of a step; what is under way rejects. */
  async dispose(reason?: GichoError): Promise<void> {
    const error = reason ?? disposedError()
    await Promise.all(this.#threads.map((thread) => thread.end(error)))
  }

  #owner(): MachineThread {
    const [owner] = this.#threads
    if (!owner) throw disposedError()
    return owner
  }
}
