import { GichoError, sizeOf } from '@gicho/core'
import { disposedError } from '../session/turns.ts'
import { Thread } from '../threads/thread.ts'
import type { RenderPlatform } from './render-platform.ts'
import type { BatchToRender, RenderAnswer, RenderRequest, RenderSettings } from './render-worker.ts'

/** Few keep ahead of eager steps, and each takes memory of its own. */
const MAX_WORKERS = 4

/**
 * Workers that render batches. They are a help, not a need: until they have started, and where they can't be (a page's
 * Content-Security-Policy, a missing script), `ready` is false and the caller renders by itself.
 */
export class RenderPool {
  /** Resolves when the workers have started, or it is known that they can't be. */
  readonly settled: Promise<void>
  readonly #threads: Thread<RenderRequest, RenderAnswer>[] = []
  readonly #settings: RenderSettings
  readonly #images: Uint8Array
  /** The images where all threads see them; undefined where memory can't be shared. */
  #shared: Uint8Array | undefined
  #ready = false
  #turn = 0

  constructor(platform: RenderPlatform, settings: RenderSettings, images: Uint8Array) {
    this.#settings = settings
    this.#images = images
    this.settled = this.#start(platform).catch(() => this.dispose())
  }

  /** True while batches can be asked for. */
  get ready(): boolean {
    return this.#ready
  }

  /**
   * One batch, [rows, height, width, channels]: the workers take turns.
   *
   * @throws GichoError `engine-failed` when a worker has died, `disposed`
   */
  async render(rows: Uint32Array, draws: Float64Array): Promise<Float32Array> {
    const thread = this.#threads[this.#turn++ % this.#threads.length]
    if (!thread) throw disposedError()
    // Slices: of a view, a message carries the whole buffer.
    const batch = { ...this.#imagesFor(rows), draws: draws.slice() }
    const answer = await thread.ask({ type: 'render', batch })
    if (answer.type === 'pixels') return answer.pixels
    throw new GichoError('engine-failed', `engine tfjs: expected pixels of a worker, got "${answer.type}".`)
  }

  /** Ends the workers, also in the middle of a batch; what they were asked rejects with `disposed`. */
  async dispose(): Promise<void> {
    this.#ready = false
    await Promise.all(this.#threads.map((thread) => thread.end(disposedError())))
  }

  async #start(platform: RenderPlatform): Promise<void> {
    if (platform.sharesMemory()) this.#shared = sharedCopy(this.#images)
    const count = Math.min(MAX_WORKERS, Math.max(1, platform.cores() - 1))
    while (this.#threads.length < count) this.#threads.push(new Thread('tfjs', platform.spawn()))
    await Promise.all(this.#threads.map((thread) => thread.ask({ type: 'start', settings: this.#settings })))
    this.#ready = true
  }

  /** Shared images are there already; of others, those of the batch travel with it. */
  #imagesFor(rows: Uint32Array): Pick<BatchToRender, 'images' | 'rows'> {
    if (this.#shared) return { images: this.#shared, rows: rows.slice() }
    const size = sizeOf(this.#settings.shape)
    const images = new Uint8Array(rows.length * size)
    rows.forEach((row, i) => {
      images.set(this.#images.subarray(row * size, (row + 1) * size), i * size)
    })
    return { images, rows: rows.map((_, i) => i) }
  }
}

/** The same bytes in memory that all threads see. */
function sharedCopy(images: Uint8Array): Uint8Array {
  if (images.buffer instanceof SharedArrayBuffer) return images
  const copy = new Uint8Array(new SharedArrayBuffer(images.length))
  copy.set(images)
  return copy
}
