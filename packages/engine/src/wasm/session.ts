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
import type { PlanMode, Ref } from '../ops/emitter.ts'
import { controlTable } from '../ops/kernel-table.ts'
import { addressOf } from '../plan/memory-map.ts'
import { byteValues } from '../session/byte-values.ts'
import { checkDrawnShape, checkFit } from '../session/check-fit.ts'
import { limitOf } from '../session/clip.ts'
import { stoppedBySignal } from '../session/errors.ts'
import { countsSteps } from '../session/optimizer-form.ts'
import { checkRequest, noProgress } from '../session/request.ts'
import { Turns } from '../session/turns.ts'
import { WeightsMemory } from '../session/weights-memory.ts'
import { wholeImages } from '../session/whole-images.ts'
import { CONTEXT_BYTES } from './context-bytes.ts'
import type { Machine } from './machine.ts'
import { type RecordOptions, updateRecord } from './optimizer.ts'
import { type MadePlan, PlanMaker, PREDICT_BATCH, type Source } from './plan-maker.ts'
import type { SeparateUpdate, SessionOptions } from './separate-update.ts'

/** Steps run between two looks at the clock: about this long. */
const RUN_MS = 120
/** The largest batch of an evaluation, whose result doesn't depend on it. */
const EVALUATE_BATCH = 256

/** One run of steps: rows cut into the plan's batches, a rate for each. */
interface Run {
  readonly made: MadePlan
  readonly rows: Uint32Array
  readonly firstStep: number
  /** Of each step, the rate with the optimizer's correction and the plain one. */
  readonly rates: Float32Array
  readonly weights?: Float32Array | undefined
  readonly draws?: Float64Array | undefined
}

/** One job on the compiled engine's CPU target. */
export class WasmSession implements Session {
  readonly device: DeviceInfo
  readonly #machine: Machine
  readonly #job: TrainingJob
  readonly #maker: PlanMaker
  readonly #weights: WeightsMemory
  readonly #plans = new Map<string, MadePlan>()
  readonly #turns = new Turns()
  /** Optimizer steps so far: Adam's correction depends on them. */
  #iteration = 0
  /** Steps whose gradients are added up since the last update. */
  #accumulated = 0
  #updatePlan: MadePlan | undefined
  /** `none` where the model has no constraint; made when it is first needed. */
  #constraintPlan: MadePlan | 'none' | undefined
  /** The clip's limit that the update was told; 0 for none. */
  #clip = 0
  /** Address of the threads' own memory that they were told of. */
  #scratch = 0

  private constructor(machine: Machine, job: TrainingJob, maker: PlanMaker) {
    this.#machine = machine
    this.#job = job
    this.#maker = maker
    const { threads } = machine
    this.device = { backend: 'wasm', name: `CPU, ${threads} thread${threads === 1 ? '' : 's'}`, threads }
    const names = job.model.weights.map(({ name }) => name)
    this.#weights = new WeightsMemory(machine, maker.weights, maker.form, names)
  }

  /**
   * Loads data and weights into the machine.
   *
   * @throws GichoError `bad-shape`, `bad-data` when data, weights and model don't fit; `out-of-memory`
   */
  static async open(
    machine: Machine,
    job: TrainingJob,
    graph: Graph,
    data: TrainingData,
    options: SessionOptions = {},
  ): Promise<WasmSession> {
    const largest = Math.min(job.batchSize, data.train.length)
    const maker = new PlanMaker(job, graph, machine.threads, largest, options)
    checkFit(data, job, maker.classes)
    checkDrawnShape(job, data.train.shape)
    const session = new WasmSession(machine, job, maker)
    await session.#load(data)
    return session
  }

  async #load(data: TrainingData): Promise<void> {
    const { places } = this.#maker
    await this.#loadSet('train', data.train)
    if (data.validation) await this.#loadSet('test', data.validation)
    await this.#machine.write(places.table, byteValues(this.#job.input))
    await this.#writeRecords()
    await this.#weights.writeWeights(this.#job.model.weights)
  }

  /** The optimizer's records: the one of all weights, that of an update by itself, those of weights with a penalty. */
  async #writeRecords(): Promise<void> {
    const { places, separate } = this.#maker
    const storesGradients = separate !== undefined
    await this.#writeRecord(places.update, { storesGradients })
    await this.#writeRecord(places.separate, {})
    for (const { place, penalty } of places.penalties.values())
      await this.#writeRecord(place, { storesGradients, penalty })
  }

  async #writeRecord(place: Ref, options: Omit<RecordOptions, 'control' | 'regionBytes'>): Promise<void> {
    const { places, form, weights } = this.#maker
    const shared = { control: addressOf(places.control), regionBytes: weights.layout.trainableBytes }
    await this.#machine.write(place, updateRecord(form, { ...shared, ...options }))
  }

  /** Tells the update its clip's limit, when that has changed. */
  async #useClip(clip = limitOf(this.#job.optimizer) ?? 0): Promise<void> {
    if (clip === this.#clip) return
    await this.#writeRecord(this.#maker.places.separate, { clip })
    this.#clip = clip
  }

  async #loadSet(split: Split, set: ImageDataset): Promise<void> {
    const { images, labels } = this.#maker.placeData(split, set.length, set.shape)
    await this.#machine.reserve(this.#maker.bytes)
    await this.#machine.write(images, set.images)
    await this.#machine.write(labels, Uint16Array.from(set.labels))
  }

  /** The plan of a mode at a batch size, made at first use. */
  async #plan(mode: PlanMode, source: Source, batch: number, weighted = false): Promise<MadePlan> {
    const key = `${mode} ${source} ${batch} ${weighted}`
    const known = this.#plans.get(key)
    if (known) return known
    const made = await this.#loadPlan(this.#maker.make(mode, source, batch, weighted))
    this.#plans.set(key, made)
    return made
  }

  async #loadPlan(made: MadePlan): Promise<MadePlan> {
    await this.#reserve(made)
    await this.#machine.write(made.program, made.words)
    for (const { buffer, words } of made.plan.constants) await this.#machine.write({ buffer, offset: 0 }, words)
    await this.#writeContexts()
    return made
  }

  async #reserve(made: MadePlan): Promise<void> {
    try {
      await this.#machine.reserve(this.#maker.bytes)
    } catch (error) {
      this.#maker.drop(made)
      throw error
    }
  }

  /** Tells the threads where their own memory lies, when that has changed. */
  async #writeContexts(): Promise<void> {
    const { places, scratch } = this.#maker
    if (this.#scratch === scratch.address) return
    this.#scratch = scratch.address
    const { threads } = this.#machine
    const control = addressOf(places.control)
    for (const [thread, place] of places.contexts.entries()) {
      const own = scratch.address + thread * scratch.bytes
      await this.#machine.write(place, Int32Array.of(thread, threads, own, control))
    }
  }

  /** Runs steps; gives the milliseconds that they took. */
  async #run({ made, rows, firstStep, rates, weights, draws }: Run): Promise<number> {
    const { order, rates: ratesAt, sampleWeights, draws: drawsAt, contexts } = this.#maker.places
    await this.#machine.write(order, rows)
    await this.#machine.write(ratesAt, rates)
    if (weights) await this.#machine.write(sampleWeights, weights)
    if (draws && drawsAt) await this.#machine.write(drawsAt, draws)
    const { plan, program } = made
    const began = performance.now()
    const steps = rates.length / 2
    await this.#machine.run(contexts.map(addressOf), {
      program: addressOf(program),
      steps,
      firstStep,
      order: addressOf(order),
      batch: plan.batch,
      rates: addressOf(ratesAt),
    })
    return performance.now() - began
  }

  async #readSums(): Promise<{ loss: number; correct: number }> {
    const record = new DataView((await this.#machine.read(this.#maker.places.control, CONTEXT_BYTES)).buffer)
    return { loss: record.getFloat64(controlTable.loss, true), correct: record.getFloat64(controlTable.correct, true) }
  }

  async #startSums({ loss, correct }: Pick<MetricSums, 'loss' | 'correct'> = { loss: 0, correct: 0 }): Promise<void> {
    const { buffer } = this.#maker.places.control
    await this.#machine.write({ buffer, offset: controlTable.loss }, Float64Array.of(loss, correct))
  }

  train(request: TrainRequest): Promise<StepProgress> {
    return this.#turns.take('train', async () => {
      const { order, sampleWeights, draws, signal, onProgress } = request
      const { batchSize } = this.#job
      const { separate } = this.#maker
      const steps = checkRequest(request, { rows: this.#maker.data('train').length, job: this.#job })
      const before = request.progress ?? noProgress
      await this.#useClip(request.clip)
      await this.#startSums(before)
      let done = 0
      let samples = 0
      let atOnce = 1
      const progress = async (): Promise<StepProgress> => ({
        steps: before.steps + done,
        samples: before.samples + samples,
        ...(await this.#readSums()),
      })
      while (done < steps && !signal?.aborted) {
        const left = order.length - samples
        const batch = Math.min(batchSize, left)
        const made = await this.#plan('train', 'train', batch, sampleWeights !== undefined)
        const count = separate ? 1 : Math.min(atOnce, Math.floor(left / batch))
        const rates = this.#rates(request, done, count)
        const end = samples + count * batch
        const ms = await this.#run({
          made,
          rows: order.subarray(samples, end),
          firstStep: request.firstStep + done,
          rates,
          weights: sampleWeights?.subarray(samples, end),
          draws: draws?.subarray(samples * DRAW_NUMBERS, end * DRAW_NUMBERS),
        })
        done += count
        samples = end
        if (separate) await this.#update(separate, rates)
        else this.#iteration += count
        atOnce = this.#pace(count, ms, batch)
        onProgress?.(await progress())
      }
      return progress()
    })
  }

  /** The update by itself, where enough steps have added their gradients; `rates` are those of the last one. */
  async #update({ steps, onGradients }: SeparateUpdate, rates: Float32Array): Promise<void> {
    if (++this.#accumulated < steps) return this.#constrain(rates)
    this.#updatePlan ??= await this.#loadPlan(this.#maker.makeUpdate())
    this.#accumulated = 0
    this.#iteration++
    if (onGradients) await this.#weights.changeGradients(onGradients)
    await this.#run({ made: this.#updatePlan, rows: new Uint32Array(1), firstStep: 0, rates })
  }

  /** Behind a step that doesn't update. */
  async #constrain(rates: Float32Array): Promise<void> {
    if (this.#constraintPlan === undefined) {
      const made = this.#maker.makeConstraints()
      this.#constraintPlan = made ? await this.#loadPlan(made) : 'none'
    }
    const made = this.#constraintPlan
    if (made !== 'none') await this.#run({ made, rows: new Uint32Array(1), firstStep: 0, rates })
  }

  #rates({ learningRate }: TrainRequest, from: number, count: number): Float32Array {
    const pairs = new Float32Array(2 * count)
    for (let i = 0; i < count; i++) {
      const rate = typeof learningRate === 'number' ? learningRate : (learningRate[from + i] ?? 0)
      pairs.set(this.#maker.form.numbers(rate, this.#iteration + i + 1), 2 * i)
    }
    return pairs
  }

  /** How many steps to run next, so that a run takes about RUN_MS. */
  #pace(count: number, ms: number, batch: number): number {
    const room = Math.floor(this.#maker.runRows / batch)
    return Math.max(1, Math.min(room, count * 4, Math.floor((RUN_MS * count) / Math.max(ms, 0.01))))
  }

  evaluate(split: Split, options: { signal?: AbortSignal } = {}): Promise<MetricSums> {
    return this.#turns.take('evaluate', async () => {
      const { length } = this.#maker.data(split)
      await this.#startSums()
      let samples = 0
      let atOnce = 1
      while (samples < length) {
        if (options.signal?.aborted) throw stoppedBySignal(samples, length, 'images')
        const batch = Math.min(this.#job.batchSize, EVALUATE_BATCH, length - samples)
        const made = await this.#plan('evaluate', split, batch)
        const count = Math.min(atOnce, Math.floor((length - samples) / batch))
        const rows = Uint32Array.from({ length: count * batch }, (_, i) => samples + i)
        const ms = await this.#run({ made, rows, firstStep: 0, rates: new Float32Array(2 * count) })
        samples += count * batch
        atOnce = this.#pace(count, ms, batch)
      }
      return { samples, ...(await this.#readSums()) }
    })
  }

  predict(images: Uint8Array): Promise<Float32Array> {
    return this.#turns.take('predict', async () => {
      const count = wholeImages(images, this.#job.input)
      const outputs = new Float32Array(count * this.#maker.classes)
      const size = sizeOf(this.#job.input.shape)
      for (let first = 0; first < count; first += PREDICT_BATCH) {
        const batch = Math.min(PREDICT_BATCH, count - first)
        const rows = await this.#predictBatch(images.subarray(first * size, (first + batch) * size), batch)
        outputs.set(rows, first * this.#maker.classes)
      }
      return outputs
    })
  }

  async #predictBatch(images: Uint8Array, batch: number): Promise<Float32Array> {
    const { classes, places } = this.#maker
    const made = await this.#plan('predict', 'predict', batch)
    await this.#machine.write(this.#maker.data('predict').images, images)
    const order = Uint32Array.from({ length: batch }, (_, i) => i)
    await this.#run({ made, rows: order, firstStep: 0, rates: new Float32Array(2) })
    const rowBytes = made.plan.outputRow
    const stored = new Float32Array((await this.#machine.read(places.outputs, batch * rowBytes)).buffer)
    const rows = new Float32Array(batch * classes)
    for (const i of order) rows.set(stored.subarray((i * rowBytes) / 4, (i * rowBytes) / 4 + classes), i * classes)
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
      return this.#counts
        ? [{ name: 'iteration', shape: [], values: Float32Array.of(this.#iteration) }, ...slots]
        : slots
    })
  }

  writeOptimizer(state: readonly NamedArray[]): Promise<void> {
    return this.#turns.take('writeOptimizer', async () => {
      const counter = this.#counts ? state.find(({ name }) => name === 'iteration') : undefined
      if (this.#counts && counter?.values.length !== 1) {
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

  /** True for an optimizer whose state has a count of steps. */
  get #counts(): boolean {
    return countsSteps(this.#job.optimizer)
  }

  /** Ends the threads, also in the middle of a step; a call under way rejects with `disposed`. */
  dispose(): Promise<void> {
    return this.#turns.end(() => this.#machine.dispose())
  }
}
