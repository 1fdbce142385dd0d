import { DRAW_NUMBERS, type ImageDataset, type ImageShape, sizeOf, type TrainingJob } from '@gicho/core'
import { byteValues } from '../session/byte-values.ts'
import type { RenderPlatform } from './render-platform.ts'
import { RenderPool } from './render-pool.ts'
import { type BatchToRender, batchRenderer } from './render-worker.ts'

/** Batches that are asked for before their step. */
const LOOK_AHEAD = 8

/** The rows of a call with their draws, and how many of them are a batch. */
export interface DrawnRows {
  readonly order: Uint32Array
  /** [rows, DRAW_NUMBERS] */
  readonly draws: Float64Array
  readonly batchSize: number
}

/** A batch that a worker was asked for. */
interface AskedBatch {
  readonly arrival: Promise<Float32Array>
  pixels?: Float32Array
}

/**
 * Rows of a dataset as the network sees them behind their draws, with the bits of core's reference. Workers render them some batches
 * ahead of the steps; where there are none, they are rendered when they are read. The job's own `standardize` is a function, which
 * can't travel: it is applied here.
 */
export class AugmentedReader {
  readonly #images: Uint8Array
  readonly #shape: ImageShape
  readonly #render: (batch: BatchToRender) => Float32Array
  readonly #standardize: ((image: Float32Array, shape: ImageShape) => Float32Array) | undefined
  readonly #pool: RenderPool

  constructor(
    platform: RenderPlatform,
    { images, shape }: ImageDataset,
    { input, augment }: Required<Pick<TrainingJob, 'input' | 'augment'>>,
  ) {
    const { fillMode, cval, brightnessMode } = augment
    const settings = { shape, options: { fillMode, cval, brightnessMode }, byteValues: byteValues(input) }
    this.#images = images
    this.#shape = shape
    this.#render = batchRenderer(settings)
    this.#standardize = augment.standardize
    this.#pool = new RenderPool(platform, settings, images)
  }

  /** Resolves when workers render, or it is known that there are none. */
  get settled(): Promise<void> {
    return this.#pool.settled
  }

  /**
   * Gives the batches of a call, [rows, height, width, channels], one after another: at once where one is there, else when a worker
   * has it.
   *
   * @throws GichoError at once or later: `engine-failed` when a worker has died, `disposed`
   */
  batches({ order, draws, batchSize }: DrawnRows): () => Float32Array | Promise<Float32Array> {
    const asked: AskedBatch[] = []
    let next = 0
    const take = (): Pick<BatchToRender, 'rows' | 'draws'> => {
      const [from, to] = [next, Math.min(next + batchSize, order.length)]
      next = to
      return { rows: order.subarray(from, to), draws: draws.subarray(from * DRAW_NUMBERS, to * DRAW_NUMBERS) }
    }
    return () => {
      while (this.#pool.ready && asked.length <= LOOK_AHEAD && next < order.length) asked.push(this.#ask(take()))
      const batch = asked.shift()
      if (!batch) return this.#standardized(this.#render({ images: this.#images, ...take() }))
      if (batch.pixels) return this.#standardized(batch.pixels)
      return batch.arrival.then((pixels) => this.#standardized(pixels))
    }
  }

  /** Ends the workers, also in the middle of a batch. */
  dispose(): Promise<void> {
    return this.#pool.dispose()
  }

  #ask({ rows, draws }: Pick<BatchToRender, 'rows' | 'draws'>): AskedBatch {
    const batch: AskedBatch = { arrival: this.#pool.render(rows, draws) }
    batch.arrival.then(
      (pixels) => {
        batch.pixels = pixels
      },
      () => undefined, // An error is the step's that reads the batch; a call that stops early never reads it.
    )
    return batch
  }

  #standardized(pixels: Float32Array): Float32Array {
    const standardize = this.#standardize
    if (!standardize) return pixels
    const size = sizeOf(this.#shape)
    for (let at = 0; at < pixels.length; at += size) {
      const image = pixels.subarray(at, at + size)
      const standardized = standardize(image, this.#shape)
      if (standardized !== image) image.set(standardized)
    }
    return pixels
  }
}
