import {
  type DeviceInfo,
  DRAW_NUMBERS,
  GichoError,
  type ImageDataset,
  type MetricSums,
  type NamedArray,
  type Session,
  type Split,
  type StepProgress,
  sizeOf,
  type TrainingData,
  type TrainingJob,
  type TrainRequest,
} from '@gicho/core'
import type { Graph } from '../graph/graph.ts'
import { byteValues } from '../session/byte-values.ts'
import { checkDrawnShape, checkFit } from '../session/check-fit.ts'
import { limitOf } from '../session/clip.ts'
import { noValidation, stoppedBySignal } from '../session/errors.ts'
import { countsSteps } from '../session/optimizer-form.ts'
import { checkRequest, noProgress } from '../session/request.ts'
import { Turns } from '../session/turns.ts'
import { WeightsMemory } from '../session/weights-memory.ts'
import { wholeImages } from '../session/whole-images.ts'
import { packDraws, rowPlaces } from './kernels/gather.ts'
import { GpuMachine, type Run, type StepRecord } from './machine.ts'
import { Pace } from './pace.ts'
import { GpuPlanMaker, PREDICT_BATCH, type Source } from './plan-maker.ts'
import type { OnProfile } from './profiler.ts'
import type { OnCompile, Program } from './programs.ts'
import { RunQueue } from './run-queue.ts'
import { SessionPrograms, type TrainPrograms } from './session-programs.ts'

/** The largest batch of an evaluation, whose result doesn't depend on it. */
const EVALUATE_BATCH = 256

/** A buffer that is bound has to have some. */
const FEWEST_BYTES = 16

/** How activations and their gradients lie in memory. */
export type TensorStorage = 'float32' | 'float16'

/** What a session is opened with. */
export interface SessionContext {
  readonly device: GPUDevice
  readonly info: DeviceInfo
  readonly onCompile?: OnCompile | undefined
  readonly onProfile?: OnProfile | undefined
  readonly storage?: TensorStorage | undefined
  /** Called once when the session was disposed. */
  release(): void
}

/** One job on the compiled engine's GPU target. */
export class WebGpuSession implements Session {
  readonly device: DeviceInfo
  readonly #context: SessionContext
  readonly #machine: GpuMachine
  readonly #job: TrainingJob
  readonly #maker: GpuPlanMaker
  readonly #weights: WeightsMemory
  readonly #programs: SessionPrograms
  readonly #lengths = new Map<Source, number>()
  readonly #turns = new Turns()
  /** Optimizer steps so far: Adam's correction depends on them. */
  #iteration = 0
  /** Steps whose gradients are added up since the last update. */
  #accumulated = 0

  private constructor(context: SessionContext, job: TrainingJob, maker: GpuPlanMaker) {
    this.#context = context
    this.device = context.info
    this.#job = job
    this.#maker = maker
    this.#machine = new GpuMachine(context.device, maker.rowWords, context.onProfile !== undefined)
    this.#programs = new SessionPrograms(this.#machine, maker, context.onCompile)
    const names = job.model.weights.map(({ name }) => name)
    this.#weights = new WeightsMemory(this.#machine.arena, maker.weights, maker.form, names)
  }

  /**
   * Loads data and weights onto the device and compiles a training step.
   *
   * @throws GichoError `bad-shape`, `bad-data` when data, weights and model don't fit; `out-of-memory`; `engine-failed`
   */
  static async open(
    context: SessionContext,
    job: TrainingJob,
    graph: Graph,
    data: TrainingData,
  ): Promise<WebGpuSession> {
    const largest = Math.min(job.batchSize, data.train.length)
    const maker = new GpuPlanMaker(job, graph, largest, context.storage === 'float16')
    checkFit(data, job, maker.classes)
    checkDrawnShape(job, data.train.shape)
    const session = new WebGpuSession(context, job, maker)
    try {
      await session.#load(data)
      if (largest > 0) await session.#programs.get('train', 'train', largest)
    } catch (error) {
      session.#machine.dispose()
      throw error
    }
    return session
  }

  async #load(data: TrainingData): Promise<void> {
    const { arena, halves, device } = this.#machine
    await this.#loadSet('train', data.train)
    if (data.validation) await this.#loadSet('test', data.validation)
    await this.#machine.placeSet('predict', PREDICT_BATCH * sizeOf(this.#job.input.shape), PREDICT_BATCH)
    await arena.reserve(this.#maker.keptBytes)
    await halves.reserve(FEWEST_BYTES)
    const encoder = device.createCommandEncoder()
    encoder.clearBuffer(arena.buffer, 0, this.#maker.keptBytes)
    device.queue.submit([encoder.finish()])
    arena.write(this.#maker.byteTable, byteValues(this.#job.input))
    await this.#weights.writeWeights(this.#job.model.weights)
  }

  async #loadSet(split: Split, set: ImageDataset): Promise<void> {
    this.#maker.placeData(split, set.shape)
    this.#lengths.set(split, set.length)
    await this.#machine.placeSet(split, set.images.length, set.length, set)
  }

  #lengthOf(split: Split): number {
    const length = this.#lengths.get(split)
    if (length === undefined) throw noValidation()
    return length
  }

  #send(run: Run): Promise<Float32Array> {
    return this.#machine.run(run, this.#maker.sums)
  }

  train(request: TrainRequest): Promise<StepProgress> {
    return this.#turns.take('train', async () => {
      const { order, signal, onProgress } = request
      const { batchSize } = this.#job
      const steps = checkRequest(request, { rows: this.#lengthOf('train'), job: this.#job })
      const programs = await this.#programs.forTraining(request, batchSize)
      this.#machine.profiler?.take()
      let progress = request.progress ?? noProgress
      const pace = new Pace(this.#machine.runSteps)
      const queue = new RunQueue(this.#turns, pace, (sums, count, rows) => {
        progress = added(progress, sums, count, rows)
        onProgress?.(progress)
      })
      let done = 0
      while (done < steps && !signal?.aborted) {
        const first = done * batchSize
        const left = order.length - first
        const batch = Math.min(batchSize, left)
        const count = Math.max(
          1,
          Math.min(pace.steps, Math.floor(this.#maker.capacity / batch), Math.floor(left / batch)),
        )
        const program = programs.ofBatch(batch)
        if (!program) throw new GichoError('engine-failed', `engine webgpu: no plan for batches of ${batch}.`)
        const run = this.#trainRun(request, program, programs, { done, count, first })
        await queue.add(() => this.#send(run), count, count * batch)
        done += count
      }
      await queue.empty()
      if (this.#machine.profiler) this.#context.onProfile?.(this.#machine.profiler.take())
      return progress
    })
  }

  #trainRun(
    request: TrainRequest,
    program: Program,
    { update, constraints }: TrainPrograms,
    { done, count, first }: { readonly done: number; readonly count: number; readonly first: number },
  ): Run {
    const { batch } = program.plan
    const clip = request.clip ?? limitOf(this.#job.optimizer) ?? 0
    const steps = Array.from({ length: count }, (_, i): StepRecord => {
      const { learningRate } = request
      const rate = typeof learningRate === 'number' ? learningRate : (learningRate[done + i] ?? 0)
      const [corrected, plainRate] = this.#maker.form.numbers(rate, this.#iteration + 1)
      const record = { step: request.firstStep + done + i, first: i * batch, rate: corrected, plainRate, clip }
      const after = this.#countStep() ? update : constraints
      return { ...record, programs: after ? [program, after] : [program] }
    })
    return { set: 'train', steps, rows: this.#rowsOf(request, first, first + count * batch) }
  }

  /** Counts a step; true when it ends with an update. */
  #countStep(): boolean {
    const { separate = 1 } = this.#maker
    this.#accumulated = (this.#accumulated + 1) % separate
    if (this.#accumulated === 0) this.#iteration++
    return this.#accumulated === 0
  }

  #rowsOf({ order, sampleWeights, draws }: TrainRequest, first: number, end: number): Run['rows'] {
    const places = rowPlaces(this.#maker.capacity)
    const images = order.slice(first, end)
    const rows: [number, Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>][] = [[0, images]]
    if (sampleWeights) rows.push([places.weights, sampleWeights.slice(first, end)])
    if (draws) rows.push([places.draws, packDraws(draws.subarray(first * DRAW_NUMBERS, end * DRAW_NUMBERS), images)])
    return rows
  }

  evaluate(split: Split, options: { signal?: AbortSignal } = {}): Promise<MetricSums> {
    return this.#turns.take('evaluate', async () => {
      const length = this.#lengthOf(split)
      let progress = noProgress
      const pace = new Pace(this.#machine.runSteps)
      const queue = new RunQueue(this.#turns, pace, (sums, count, rows) => {
        progress = added(progress, sums, count, rows)
      })
      let sent = 0
      while (sent < length) {
        if (options.signal?.aborted) {
          await queue.empty()
          throw stoppedBySignal(progress.samples, length, 'images')
        }
        const batch = Math.min(this.#job.batchSize, EVALUATE_BATCH, length - sent)
        const program = await this.#programs.get('evaluate', split, batch)
        const room = Math.floor(Math.min(this.#maker.capacity, length - sent) / batch)
        const count = Math.max(1, Math.min(pace.steps, room))
        const from = sent
        const order = Uint32Array.from({ length: count * batch }, (_, i) => from + i)
        await queue.add(() => this.#send(plainRun(split, program, count, order)), count, order.length)
        sent += order.length
      }
      await queue.empty()
      const { samples, loss, correct } = progress
      return { samples, loss, correct }
    })
  }

  predict(images: Uint8Array): Promise<Float32Array> {
    return this.#turns.take('predict', async () => {
      const count = wholeImages(images, this.#job.input)
      const { classes } = this.#maker
      const outputs = new Float32Array(count * classes)
      const size = sizeOf(this.#job.input.shape)
      for (let first = 0; first < count; first += PREDICT_BATCH) {
        const length = Math.min(PREDICT_BATCH, count - first)
        const rows = await this.#predictBatch(images.subarray(first * size, (first + length) * size), length)
        outputs.set(rows, first * classes)
        this.#turns.check()
      }
      return outputs
    })
  }

  async #predictBatch(images: Uint8Array, length: number): Promise<Float32Array> {
    const { classes, outputs: place } = this.#maker
    // A few sizes of batches, so that few plans are compiled: rows behind the last image are computed and left alone.
    const batch = Math.min(PREDICT_BATCH, 4 ** Math.ceil(Math.log2(length) / 2))
    const program = await this.#programs.get('predict', 'predict', batch)
    this.#machine.writeImages('predict', images)
    const order = Uint32Array.from({ length: batch }, (_, i) => i)
    await this.#send(plainRun('predict', program, 1, order))
    const { outputRow } = program.plan
    const stored = new Float32Array((await this.#machine.arena.read(place, length * outputRow)).buffer)
    const rows = new Float32Array(length * classes)
    for (let i = 0; i < length; i++)
      rows.set(stored.subarray((i * outputRow) / 4, (i * outputRow) / 4 + classes), i * classes)
    return rows
  }

  readWeights(): Promise<NamedArray[]> {
    return this.#turns.take('readWeights', () => this.#weights.readWeights())
  }

  writeWeights(weights: readonly NamedArray[]): Promise<void> {
    return this.#turns.take('writeWeights', () => this.#weights.writeWeights(weights))
  }

  readOptimizer(): Promise<NamedArray[]> {
    return this.#turns.take('readOptimizer', async () => {
      const slots = await this.#weights.readSlots()
      if (!countsSteps(this.#job.optimizer)) return slots
      return [{ name: 'iteration', shape: [], values: Float32Array.of(this.#iteration) }, ...slots]
    })
  }

  writeOptimizer(state: readonly NamedArray[]): Promise<void> {
    return this.#turns.take('writeOptimizer', async () => {
      const counts = countsSteps(this.#job.optimizer)
      const counter = counts ? state.find(({ name }) => name === 'iteration') : undefined
      if (counts && counter?.values.length !== 1) {
        throw new GichoError(
          'bad-shape',
          'optimizer: expected an array "iteration" of one value. Pass a state of Adam.',
        )
      }
      await this.#weights.writeSlots(state.filter((array) => array !== counter))
      this.#iteration = counter?.values[0] ?? 0
      if (this.#accumulated > 0) await this.#weights.changeGradients((gradients) => void gradients.fill(0))
      this.#accumulated = 0
    })
  }

  /** Frees the session's memory once what runs has stopped, which rejects with `disposed`. */
  dispose(): Promise<void> {
    return this.#turns.end(async (running) => {
      await running
      this.#machine.dispose()
      this.#context.release()
    })
  }
}

/** A run of steps that train nothing, on rows one after another. */
function plainRun(set: Source, program: Program, count: number, order: Uint32Array<ArrayBuffer>): Run {
  const { batch } = program.plan
  const steps = Array.from({ length: count }, (_, i) => ({
    step: 0,
    first: i * batch,
    rate: 0,
    plainRate: 0,
    clip: 0,
    programs: [program],
  }))
  return { set, steps, rows: [[0, order]] }
}

/** Sums with those of further steps, added in float64 in the steps' order: however they were cut into runs, the bits are the same. */
function added(before: StepProgress, sums: Float32Array, steps: number, rows: number): StepProgress {
  let { loss, correct } = before
  for (let i = 0; i < steps; i++) {
    loss += sums[4 * i] ?? Number.NaN
    correct += sums[4 * i + 1] ?? Number.NaN
  }
  return { steps: before.steps + steps, samples: before.samples + rows, loss, correct }
}
