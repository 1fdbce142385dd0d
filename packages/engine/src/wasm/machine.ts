/*
 * The threads and their memory. Shared: every worker runs each program, on memory that the host sees too. Unshared (a page without
 * cross-origin isolation): one worker owns the memory and the host speaks to it by messages. The session sees no difference.
 */
import { GichoError } from '@gicho/core'
import { disposedError } from '../session/turns.ts'
import { compileKernels } from './kernels-module.ts'
import type { Platform, WorkerPort } from './platform.ts'
import type { WorkerAnswer, WorkerRequest } from './worker.ts'

const PAGE = 65536
const MAX_PAGES = 65536

/** One worker, spoken to in requests and answers. */
class Thread {
  readonly #port: WorkerPort
  readonly #waiting: { resolve: (answer: WorkerAnswer) => void; reject: (error: GichoError) => void }[] = []
  #death: GichoError | undefined

  constructor(port: WorkerPort) {
    this.#port = port
    port.onAnswer((answer) => {
      if (answer.type !== 'failed') return this.#waiting.shift()?.resolve(answer)
      const outOfMemory = /memory|allocat/i.test(answer.message)
      this.#waiting
        .shift()
        ?.reject(
          new GichoError(
            outOfMemory ? 'out-of-memory' : 'engine-failed',
            `engine wasm: a worker failed: ${answer.message}.`,
          ),
        )
    })
    port.onDeath((reason) =>
      this.fail(
        new GichoError(
          'engine-failed',
          `engine wasm: a worker died: ${reason}. Open a new session and go on from the last weights.`,
        ),
      ),
    )
  }

  /** Rejects everything that is asked or will be asked. */
  fail(error: GichoError): void {
    this.#death ??= error
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  ask(request: WorkerRequest): Promise<WorkerAnswer> {
    if (this.#death) return Promise.reject(this.#death)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#port.post(request)
    })
  }

  async end(error: GichoError): Promise<void> {
    this.fail(error)
    await this.#port.terminate()
  }
}

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
  readonly #threads: Thread[]
  readonly #memory: WebAssembly.Memory | undefined
  #pages: number

  private constructor(threads: Thread[], memory: WebAssembly.Memory | undefined, pages: number) {
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
    const threads = Array.from({ length: options.shared ? options.threads : 1 }, () => new Thread(platform.spawn()))
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
      `engine wasm: ${(bytes / 2 ** 20).toFixed(0)} MiB are needed and the machine refused them. Use fewer images (limit) or a smaller batch.`,
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

  async write(address: number, data: ArrayBufferView): Promise<void> {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    if (this.#memory) new Uint8Array(this.#memory.buffer).set(bytes, address)
    else await this.#owner().ask({ type: 'write', address, bytes })
  }

  /** A copy of `size` bytes. */
  async read(address: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
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

  #owner(): Thread {
    const [owner] = this.#threads
    if (!owner) throw disposedError()
    return owner
  }
}
