import {
  type DeviceInfo,
  GichoError,
  isGichoError,
  type MetricSums,
  messageOf,
  type NamedArray,
  type Session,
  type Split,
  type StepProgress,
  type TrainingData,
  type TrainingJob,
  type TrainRequest,
} from '@gicho/core'
import { checkFit } from '../session/check-fit.ts'
import { asDeviceError, noValidation, stoppedBySignal } from '../session/errors.ts'
import { checkRequest, noProgress } from '../session/request.ts'
import { Turns } from '../session/turns.ts'
import { wholeImages } from '../session/whole-images.ts'
import { AugmentedReader } from './augmented-reader.ts'
import type { Backend } from './backend.ts'
import { BatchReader, range } from './batch.ts'
import type { Batch, Network } from './network.ts'
import { pace } from './pace.ts'
import type { RenderPlatform } from './render-platform.ts'
import { SumsOnDevice } from './sums.ts'
import { readWeights, writeWeights } from './weights.ts'

/** Batch of everything but training; the result doesn't depend on it, and larger ones keep wide devices busy. */
const READING_BATCH = 256

/** One job on one tfjs backend. */
export class EagerSession implements Session {
  readonly device: DeviceInfo
  readonly #backend: Backend
  readonly #network: Network
  readonly #job: TrainingJob
  readonly #data: TrainingData
  readonly #reader: BatchReader
  /** Of a job that augments. */
  readonly #augmented: AugmentedReader | undefined
  readonly #turns = new Turns()

  /** @throws GichoError `bad-shape`, `bad-data` when the data doesn't fit the model */
  constructor(backend: Backend, network: Network, job: TrainingJob, data: TrainingData, rendering: RenderPlatform) {
    checkFit(data, job, network.classes)
    this.device = backend.device
    this.#backend = backend
    this.#network = network
    this.#job = job
    this.#data = data
    this.#reader = new BatchReader(job.input)
    const { augment } = job
    if (augment) this.#augmented = new AugmentedReader(rendering, data.train, { ...job, augment })
  }

  train(request: TrainRequest): Promise<StepProgress> {
    return this.#take('train', async () => {
      const { batchSize } = this.#job
      const { order, signal, onProgress } = request
      const steps = checkRequest(request, { rows: this.#data.train.length, job: this.#job })
      const before = request.progress ?? noProgress
      const sums = new SumsOnDevice(before)
      const progress = async (done: number): Promise<StepProgress> => ({
        steps: before.steps + done,
        samples: before.samples + Math.min(done * batchSize, order.length),
        ...(await sums.read()),
      })
      const step = this.#trainStep(request, sums)
      const report = async (done: number): Promise<void> => {
        const now = await progress(done)
        onProgress?.(now)
      }
      try {
        return await progress(await pace(steps, step, report, () => this.#alive() && !signal?.aborted))
      } finally {
        sums.dispose()
      }
    })
  }

  evaluate(split: Split, options: { signal?: AbortSignal } = {}): Promise<MetricSums> {
    return this.#take('evaluate', async () => {
      const data = split === 'train' ? this.#data.train : this.#data.validation
      if (data === undefined) throw noValidation()
      const sums = new SumsOnDevice()
      const step = (from: number, to: number): void => {
        const batch = this.#read(data, range(from, to))
        this.#run(() => sums.add(this.#network.evaluate(batch)))
      }
      try {
        await this.#inBatches(data.length, step, async () => void (await sums.read()), options.signal)
        return { samples: data.length, ...(await sums.read()) }
      } finally {
        sums.dispose()
      }
    })
  }

  predict(images: Uint8Array): Promise<Float32Array> {
    return this.#take('predict', async () => {
      const rows = wholeImages(images, this.#job.input)
      const { classes } = this.#network
      const outputs = new Float32Array(rows * classes)
      const pending: Promise<void>[] = []
      const step = (from: number, to: number): void => {
        const pixels = this.#reader.pixels(images, range(from, to))
        const given = this.#run(() => this.#network.predict(pixels, to - from))
        const arrived = given.data().then((values) => outputs.set(values, from * classes))
        pending.push(arrived.finally(() => given.dispose()))
      }
      await this.#inBatches(rows, step, async () => void (await Promise.all(pending.splice(0))))
      return outputs
    })
  }

  readWeights(): Promise<NamedArray[]> {
    return this.#take('readWeights', () => readWeights(this.#network.weights))
  }

  writeWeights(weights: readonly NamedArray[]): Promise<void> {
    return this.#take('writeWeights', async () => this.#run(() => writeWeights(this.#network.weights, weights)))
  }

  readOptimizer(): Promise<NamedArray[]> {
    return this.#take('readOptimizer', () => this.#network.optimizer.read())
  }

  writeOptimizer(state: readonly NamedArray[]): Promise<void> {
    return this.#take('writeOptimizer', async () => this.#run(() => this.#network.optimizer.write(state)))
  }

  /** Ends the workers at once; frees the model and the optimizer after the call under way has stopped between two steps. */
  dispose(): Promise<void> {
    return this.#turns.end(async (running) => {
      await this.#augmented?.dispose()
      await running
      this.#backend.run(() => this.#network.dispose())
    })
  }

  /** Trains on the batch of a number, which may have to be waited for when a worker renders it. */
  #trainStep(request: TrainRequest, sums: SumsOnDevice): (index: number) => void | Promise<void> {
    const { batchSize } = this.#job
    const { order, draws, sampleWeights, learningRate, firstStep, clip } = request
    const drawn = draws && this.#augmented?.batches({ order, draws, batchSize })
    return (index) => {
      const from = index * batchSize
      const rows = order.subarray(from, from + batchSize)
      const weights = sampleWeights?.slice(from, from + batchSize)
      const labels = this.#reader.labels(this.#data.train, rows)
      const rate = typeof learningRate === 'number' ? learningRate : (learningRate[index] ?? 0)
      const train = (pixels: Float32Array): void => {
        const batch = { pixels, labels, ...(weights ? { weights } : {}) }
        this.#run(() => sums.add(this.#network.train(batch, firstStep + index, rate, clip)))
      }
      const pixels = drawn ? drawn() : this.#reader.pixels(this.#data.train.images, rows)
      return pixels instanceof Promise ? pixels.then(train) : train(pixels)
    }
  }

  #read(data: TrainingData['train'], rows: Uint32Array): Batch {
    return { pixels: this.#reader.pixels(data.images, rows), labels: this.#reader.labels(data, rows) }
  }

  async #inBatches(
    rows: number,
    step: (from: number, to: number) => void,
    rest: () => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    const size = Math.max(READING_BATCH, this.#job.batchSize)
    const count = Math.ceil(rows / size)
    const one = (index: number): void => step(index * size, Math.min(rows, (index + 1) * size))
    const done = await pace(count, one, rest, () => this.#alive() && !signal?.aborted)
    if (done < count) throw stoppedBySignal(done, count, 'batches')
  }

  /** One call at a time. @throws GichoError `engine-failed` when the device is lost under way */
  #take<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#turns.take(name, () =>
      work().catch((error: unknown) => {
        throw asDeviceError(error, this.device.backend)
      }),
    )
  }

  /** True; dispose() is an error for whatever is under way. */
  #alive(): boolean {
    this.#turns.check()
    return true
  }

  /** Synchronous work on the backend; a kernel that it lacks becomes a clear error. */
  #run<T>(work: () => T): T {
    try {
      return this.#backend.run(work)
    } catch (error) {
      if (isGichoError(error) || !/kernel/i.test(messageOf(error))) throw error
      throw new GichoError(
        'unsupported',
        `backend ${this.device.backend} can't run this model: ${messageOf(error)}. Try backend 'cpu', which has every kernel.`,
        { cause: error },
      )
    }
  }
}
