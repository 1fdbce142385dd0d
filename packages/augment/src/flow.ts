/*
 * Keras' NumpyArrayIterator: an endless walk over the images in batches, a new permutation at each wrap.
 * The order of the draws is Keras': at a batch the generator is seeded (with a seed), then, where the walk begins anew,
 * the permutation is drawn, then one transformation an image. So a flow can plan a batch (draws only) and render it
 * elsewhere: on a worker thread or a device.
 * Source: keras/src/legacy/preprocessing/image.py, Iterator and NumpyArrayIterator.
 */
import { GichoError, type RandomState } from '@gicho/core'
import { type ApplyOptions, countImages, DrawApplier } from './apply-draw.ts'
import type { Batch, BatchPlan, FlowSnapshot, LabelledImages, LabelValues } from './batch.ts'
import { type Draw, drawTransform } from './draw.ts'
import { checkClasses, checkWeights, describe, type FlowOptions, labelSize, subsetRows } from './flow-options.ts'
import type { TransformRanges } from './transform-ranges.ts'

/** What a flow needs of its generator. */
export interface FlowSource {
  readonly random: RandomState
  readonly ranges: TransformRanges
  readonly applyOptions: ApplyOptions
  readonly validationSplit: number
  /** Normalises an image in place or in new memory. */
  standardize(image: Float32Array, draw: Draw): Float32Array
}

/** An endless iterator over batches, synchronous and asynchronous. Made by `ImageDataGenerator.flow`. */
export class Flow<L extends LabelValues = LabelValues> {
  /** Batches in a walk over all images. */
  readonly length: number
  readonly batchSize: number
  /** Images in the walk. */
  readonly imageCount: number
  readonly #data: LabelledImages<L>
  readonly #options: FlowOptions
  readonly #source: FlowSource
  readonly #applier: DrawApplier
  readonly #labelSize: number
  readonly #firstRow: number
  #order: Uint32Array | null = null
  #batchIndex = 0
  #totalBatchesSeen = 0

  constructor(data: LabelledImages<L>, options: FlowOptions, source: FlowSource) {
    const total = countImages(data.images, data.shape)
    const batchSize = options.batchSize ?? 32
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new GichoError('bad-argument', `flow: expected a whole batchSize >= 1, got ${batchSize}.`)
    }
    this.#labelSize = labelSize(data.labels, total)
    checkWeights(options.sampleWeight, total)
    const [start, end] = subsetRows(options, source.validationSplit, total)
    if (start === end) {
      throw new GichoError(
        'bad-argument',
        `flow: expected at least one image, got none of ${total} ${describe(options)}.`,
      )
    }
    if (options.subset !== undefined && data.labels && !options.ignoreClassSplit) {
      checkClasses(data.labels, Math.trunc(total * source.validationSplit) * this.#labelSize)
    }
    this.#data = data
    this.#options = options
    this.#source = source
    this.#applier = new DrawApplier(data.shape, source.applyOptions, options.input)
    this.#firstRow = start
    this.imageCount = end - start
    this.batchSize = batchSize
    this.length = Math.ceil(this.imageCount / batchSize)
  }

  /** The next batch's number in its walk; 0 begins a new walk. */
  get batchIndex(): number {
    return this.#batchIndex
  }

  /** Batches drawn since the flow was made. */
  get totalBatchesSeen(): number {
    return this.#totalBatchesSeen
  }

  /** The next batch begins a new walk, with a new permutation; the count of batches seen goes on. */
  reset(): void {
    this.#batchIndex = 0
  }

  /** Draws the next batch's rows and transformations, and moves on, without touching a pixel. */
  plan(): BatchPlan {
    this.#seed()
    if (this.#batchIndex === 0 || this.#order === null) this.#order = this.#newOrder()
    const start = this.#batchIndex * this.batchSize
    this.#batchIndex = start + this.batchSize < this.imageCount ? this.#batchIndex + 1 : 0
    this.#totalBatchesSeen++
    return this.#planRows(this.#order.subarray(start, start + this.batchSize))
  }

  /** Makes the images of a plan. */
  render(plan: BatchPlan): Batch<L> {
    const { images, shape } = this.#data
    const { sampleWeight } = this.#options
    const size = shape[0] * shape[1] * shape[2]
    const output = new Float32Array(plan.rows.length * size)
    plan.draws.forEach((draw, i) => {
      this.#applier.apply(images, plan.rows[i] ?? 0, draw, output, i)
      const image = output.subarray(i * size, (i + 1) * size)
      const standardized = this.#source.standardize(image, draw)
      if (standardized !== image) image.set(standardized)
    })
    return {
      ...plan,
      images: output,
      shape: [plan.rows.length, ...shape],
      ...(this.#data.labels && { labels: gather(this.#data.labels, plan.rows, this.#labelSize) }),
      ...(sampleWeight && { sampleWeight: gather(sampleWeight, plan.rows, 1) }),
    }
  }

  /** The next batch: `render(plan())`. */
  nextBatch(): Batch<L> {
    return this.render(this.plan())
  }

  /**
   * Batch number `index` of the current permutation, with new draws: Keras' `flow[index]`. Doesn't move the iterator.
   *
   * @throws GichoError `bad-argument` when there is no such batch
   */
  batchAt(index: number): Batch<L> {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) {
      throw new GichoError('bad-argument', `flow: expected a batch from 0 to ${this.length - 1}, got ${index}.`)
    }
    this.#seed()
    this.#totalBatchesSeen++
    this.#order ??= this.#newOrder()
    return this.render(this.#planRows(this.#order.subarray(index * this.batchSize, (index + 1) * this.batchSize)))
  }

  /** Draws a new permutation for {@link batchAt}: Keras' `on_epoch_end`. */
  onEpochEnd(): void {
    this.#order = this.#newOrder()
  }

  /** Where the flow and its random numbers stand, for a checkpoint. */
  snapshot(): FlowSnapshot {
    return {
      batchIndex: this.#batchIndex,
      totalBatchesSeen: this.#totalBatchesSeen,
      order: this.#order?.slice() ?? null,
      random: this.#source.random.snapshot(),
    }
  }

  /** Goes on from a snapshot of a flow over the same data. @throws GichoError `bad-data` when it doesn't fit this flow */
  restore(snapshot: FlowSnapshot): void {
    const { batchIndex, totalBatchesSeen, order } = snapshot
    if (batchIndex >= this.length || (order !== null && order.length !== this.imageCount)) {
      throw new GichoError(
        'bad-data',
        `flow: expected a snapshot of ${this.length} batches of ${this.imageCount} images, ` +
          `got batch ${batchIndex} of ${order?.length ?? 'no'} images.`,
      )
    }
    this.#source.random.restore(snapshot.random)
    this.#batchIndex = batchIndex
    this.#totalBatchesSeen = totalBatchesSeen
    this.#order = order?.slice() ?? null
  }

  /** As many batches from here on, and then an end: `for (const batch of flow.take(flow.length))` is one epoch. */
  *take(batches: number): Generator<Batch<L>, void, undefined> {
    for (let i = 0; i < batches; i++) yield this.nextBatch()
  }

  /** Endless. */
  *[Symbol.iterator](): Generator<Batch<L>, never, undefined> {
    while (true) yield this.nextBatch()
  }

  /** Endless; lets other work run between batches. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Batch<L>, never, undefined> {
    while (true) {
      yield this.nextBatch()
      await new Promise((resolve) => setTimeout(resolve))
    }
  }

  #seed(): void {
    const { seed } = this.#options
    if (seed !== undefined) this.#source.random.seed(seed + this.#totalBatchesSeen)
  }

  #newOrder(): Uint32Array {
    const { shuffle = true } = this.#options
    if (shuffle) return this.#source.random.permutation(this.imageCount)
    return Uint32Array.from({ length: this.imageCount }, (_, i) => i)
  }

  #planRows(order: Uint32Array): BatchPlan {
    const [height, width] = this.#data.shape
    const { random, ranges } = this.#source
    return {
      rows: order.map((row) => row + this.#firstRow),
      draws: Array.from(order, () => drawTransform(random, ranges, height, width)),
    }
  }
}

function gather<T extends LabelValues>(values: T, rows: Uint32Array, size: number): T {
  const result = values.slice(0, rows.length * size)
  rows.forEach((row, i) => {
    for (let k = 0; k < size; k++) result[i * size + k] = values[row * size + k] ?? 0
  })
  return result as T
}
