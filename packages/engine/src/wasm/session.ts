import {
  checkDataset,
  type DeviceInfo,
  GichoError,
  type GradientOptions,
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
import { controlTable, updateTable } from '../ops/kernel-table.ts'
import { encodePlan } from '../plan/encode.ts'
import { makePlan, makeUpdatePlan, type Plan, type PlanMemory, type PlanOptions } from '../plan/plan.ts'
import { scratchBytes } from '../plan/scratch-bytes.ts'
import { layOutWeights } from '../plan/weight-layout.ts'
import { byteValues } from '../session/byte-values.ts'
import { checkRequest } from '../session/request.ts'
import type { Machine } from './machine.ts'
import { addressOf, CONTEXT_BYTES, MAX_RUN_ROWS, MemoryMap } from './memory-map.ts'
import { countsSteps, type OptimizerForm, optimizerForm, type RecordOptions, updateRecord } from './optimizer.ts'
import { WeightsMemory } from './weights-memory.ts'

/** Steps run between two looks at the clock: about this long. */
const RUN_MS = 120
const PREDICT_BATCH = 64

interface LoadedPlan {
  readonly plan: Plan
  readonly program: number
}

interface DataMemory {
  readonly images: Ref
  readonly labels: Ref
  readonly length: number
}

/** Options of a session. */
export interface SessionOptions {
  /**
   * Called between a step's gradients and their update, with the gradients of all trainable weights in one array, to be changed in
   * place: for sums over machines. Its layout is the engine's own (the same for the same model); padding may hold anything.
   */
  readonly onGradients?: (gradients: Float32Array) => void | Promise<void>
}

interface SeparateUpdate extends SessionOptions {
  readonly steps: number
  readonly rules: GradientOptions
}

/** The second shape of the update, when anything has to happen between gradients and update. */
function separateUpdate(rules: GradientOptions, options: SessionOptions): SeparateUpdate | undefined {
  const { accumulationSteps: steps = 1, clipNorm, globalClipNorm, clipValue } = rules
  const wanted = steps > 1 || options.onGradients || clipNorm || globalClipNorm || clipValue
  return wanted ? { ...options, steps, rules } : undefined
}

/** One job on the compiled engine's CPU target. */
export class WasmSession implements Session {
  readonly device: DeviceInfo
  readonly #machine: Machine
  readonly #job: TrainingJob
  readonly #graph: Graph
  readonly #form: OptimizerForm
  readonly #map = new MemoryMap()
  readonly #weights: WeightsMemory
  readonly #plans = new Map<string, LoadedPlan>()
  readonly #data = new Map<Split | 'predict', DataMemory>()
  readonly #places: {
    control: number
    update: Ref
    separate: Ref
    table: Ref
    order: number
    rates: number
    sampleWeights: Ref
    outputs: Ref
    contexts: number[]
  }
  readonly #memory: { layout: ReturnType<typeof layOutWeights> }
  /** Records of weights with a penalty. */
  readonly #updates = new Map<string, { place: Ref; penalty: { l1: number; l2: number } }>()
  /** Where the update is a pass of its own: what is done before it. */
  readonly #separate: SeparateUpdate | undefined
  #updatePlan: LoadedPlan | undefined
  /** Steps whose gradients are added up since the last update. */
  #accumulated = 0
  readonly #classes: number
  /** Optimizer steps so far: Adam's correction depends on them. */
  #iteration = 0
  #scratch = { address: 0, bytes: 0 }
  #busy: Promise<unknown> | undefined
  #disposed = false

  private constructor(machine: Machine, job: TrainingJob, graph: Graph, options: SessionOptions) {
    this.#machine = machine
    this.#job = job
    this.#graph = graph
    this.#form = optimizerForm(job.optimizer)
    this.#separate = separateUpdate(job.optimizer, options)
    this.#classes = graph.nodes.at(-1)?.shape[0] ?? 0
    this.device = {
      backend: 'wasm',
      name: `CPU, ${machine.threads} thread${machine.threads === 1 ? '' : 's'}`,
      threads: machine.threads,
    }
    const layout = layOutWeights(graph, job.model.weights)
    this.#memory = { layout }
    const map = this.#map
    this.#places = {
      control: map.take(CONTEXT_BYTES),
      update: map.place('optimizer', updateTable.length * 4),
      separate: map.place('separate optimizer', updateTable.length * 4),
      table: map.place('bytes', 1024),
      contexts: Array.from({ length: machine.threads }, () => map.take(CONTEXT_BYTES)),
      order: map.take(MAX_RUN_ROWS * 4),
      rates: map.take(MAX_RUN_ROWS * 8),
      sampleWeights: map.place('sampleWeights', MAX_RUN_ROWS * 4),
      outputs: map.place('outputs', PREDICT_BATCH * (this.#classes + 64) * 4),
    }
    for (const node of graph.nodes) {
      for (const [role, { l1, l2 }] of Object.entries(node.rules ?? {})) {
        const name = node.weights[role]
        if (name === undefined || (l1 === 0 && l2 === 0)) continue
        this.#updates.set(name, { place: map.place(`${name} update`, updateTable.length * 4), penalty: { l1, l2 } })
      }
    }
    const names = job.model.weights.map(({ name }) => name)
    this.#weights = new WeightsMemory(machine, map, layout, this.#form, names)
  }

  /** Loads data and weights into the machine. */
  static async open(
    machine: Machine,
    job: TrainingJob,
    graph: Graph,
    data: TrainingData,
    options: SessionOptions = {},
  ): Promise<WasmSession> {
    const session = new WasmSession(machine, job, graph, options)
    await session.#load(data)
    return session
  }

  async #load(data: TrainingData): Promise<void> {
    for (const set of [data.train, ...(data.validation ? [data.validation] : [])]) {
      checkDataset(set)
      this.#checkFit(set)
    }
    const size = sizeOf(this.#job.input.shape)
    this.#data.set('predict', {
      images: this.#map.place('images', PREDICT_BATCH * size),
      labels: this.#places.table,
      length: PREDICT_BATCH,
    })
    await this.#loadSet('train', data.train)
    if (data.validation) await this.#loadSet('test', data.validation)
    await this.#machine.reserve(this.#map.end)
    await this.#machine.write(addressOf(this.#places.table), byteValues(this.#job.input))
    await this.#writeRecords()
    await this.#weights.write(this.#job.model.weights)
  }

  /** The optimizer's records: the one of all weights, those of weights with a penalty, that of an update by itself. */
  async #writeRecords(): Promise<void> {
    const shared = { control: this.#places.control, regionBytes: this.#weights.regionBytes }
    const storesGradients = this.#separate !== undefined
    const write = (place: Ref, options: RecordOptions): Promise<void> =>
      this.#machine.write(addressOf(place), updateRecord(this.#form, options))
    await write(this.#places.update, { ...shared, storesGradients })
    await write(this.#places.separate, shared)
    for (const { place, penalty } of this.#updates.values()) await write(place, { ...shared, storesGradients, penalty })
  }

  async #loadSet(split: Split, set: ImageDataset): Promise<void> {
    const images = this.#map.place(`${split} images`, set.images.length)
    const labels = this.#map.place(`${split} labels`, set.length * 2)
    await this.#machine.reserve(this.#map.end)
    await this.#machine.write(addressOf(images), set.images)
    await this.#machine.write(addressOf(labels), Uint16Array.from(set.labels))
    this.#data.set(split, { images, labels, length: set.length })
  }

  #checkFit(set: ImageDataset): void {
    const expected = sizeOf(this.#job.input.shape)
    const [h, w, c] = set.shape
    if (h * w * c !== expected) {
      throw new GichoError(
        'bad-shape',
        `dataset (${set.split}): images of ${h}x${w}x${c} don't fit the model's input of ${expected} values.`,
      )
    }
    // One output stands for two classes, or for any number.
    const classes =
      this.#classes > 1 ? this.#classes : this.#job.loss === 'binaryCrossentropy' ? 2 : Number.POSITIVE_INFINITY
    const wrong = set.labels.findIndex((label) => label >= classes)
    if (wrong >= 0) {
      throw new GichoError(
        'bad-data',
        `dataset (${set.split}): label ${set.labels[wrong]} of image ${wrong} is outside the model's ${this.#classes} outputs.`,
      )
    }
  }

  /** The plan of a mode on a split at a batch size, made at first use. */
  async #plan(mode: PlanMode, split: Split | 'predict', batch: number, weighted = false): Promise<LoadedPlan> {
    const key = `${mode} ${split} ${batch} ${weighted}`
    const known = this.#plans.get(key)
    if (known) return known
    const data = this.#data.get(split)
    if (!data)
      throw new GichoError('bad-argument', "evaluate: the session was opened without validation data. Use 'train'.")
    const plan = makePlan(this.#graph, this.#planMemory(data, weighted), this.#planOptions(mode, batch))
    const loaded = await this.#loadPlan(plan)
    this.#plans.set(key, loaded)
    return loaded
  }

  #planMemory(data: DataMemory, weighted: boolean): PlanMemory {
    const { control, update, table, sampleWeights, outputs } = this.#places
    return {
      images: data.images,
      labels: data.labels,
      byteTable: table,
      sampleWeights: weighted ? sampleWeights : undefined,
      sums: { buffer: { name: 'sums', bytes: CONTEXT_BYTES, kind: 'kept', address: control }, offset: 0 },
      update,
      updates: new Map([...this.#updates].map(([name, { place }]) => [name, place])),
      layout: this.#memory.layout,
      weightBuffers: this.#weights.buffers,
      outputs,
    }
  }

  #planOptions(mode: PlanMode, batch: number): PlanOptions {
    const { seed, loss, labelSmoothing: smoothing = 0 } = this.#job
    const storesGradients = this.#separate !== undefined
    return { mode, batch, seed, base: this.#map.end, loss: { name: loss, smoothing }, storesGradients }
  }

  async #loadPlan(plan: Plan): Promise<LoadedPlan> {
    this.#map.moveTo(plan.end)
    const words = encodePlan(plan)
    const program = this.#map.take(words.byteLength)
    const scratch = scratchBytes(plan)
    const moved = scratch > this.#scratch.bytes
    if (moved) this.#scratch = { address: this.#map.take(scratch * this.#machine.threads), bytes: scratch }
    await this.#machine.reserve(this.#map.end)
    await this.#machine.write(program, words)
    for (const { buffer, words: values } of plan.constants) await this.#machine.write(buffer.address, values)
    if (moved) await this.#writeContexts()
    return { plan, program }
  }

  /** The update by itself, after `steps` steps of gradients; `rates` are those of the last one. */
  async #update({ steps, rules, onGradients }: SeparateUpdate, rates: Float32Array): Promise<void> {
    if (++this.#accumulated < steps) return
    this.#accumulated = 0
    this.#iteration++
    if (onGradients) await this.#weights.changeGradients(onGradients)
    const data = this.#data.get('train')
    if (!data) return
    this.#updatePlan ??= await this.#loadPlan(
      makeUpdatePlan(
        this.#graph,
        { ...this.#planMemory(data, false), update: this.#places.separate, updates: new Map() },
        this.#planOptions('train', 1),
        rules,
      ),
    )
    await this.#runSteps(this.#updatePlan, new Uint32Array(1), 0, rates)
  }

  async #writeContexts(): Promise<void> {
    const { contexts, control } = this.#places
    for (const [thread, address] of contexts.entries()) {
      const record = Int32Array.of(
        thread,
        this.#machine.threads,
        this.#scratch.address + thread * this.#scratch.bytes,
        control,
      )
      await this.#machine.write(address, record)
    }
  }

  async #runSteps(
    loaded: LoadedPlan,
    rows: Uint32Array,
    firstStep: number,
    rates: Float32Array,
    weights?: Float32Array,
  ): Promise<void> {
    const { order, rates: ratesAt, sampleWeights, contexts } = this.#places
    await this.#machine.write(order, rows)
    await this.#machine.write(ratesAt, rates)
    if (weights) await this.#machine.write(addressOf(sampleWeights), weights)
    const { batch } = loaded.plan
    await this.#machine.run(contexts, {
      program: loaded.program,
      steps: rates.length / 2,
      firstStep,
      order,
      batch,
      rates: ratesAt,
    })
  }

  async #readSums(): Promise<{ loss: number; correct: number }> {
    const record = new DataView((await this.#machine.read(this.#places.control, CONTEXT_BYTES)).buffer)
    return { loss: record.getFloat64(controlTable.loss, true), correct: record.getFloat64(controlTable.correct, true) }
  }

  async #clearSums(): Promise<void> {
    await this.#machine.write(this.#places.control + controlTable.loss, new Float64Array(2))
  }

  train(request: TrainRequest): Promise<StepProgress> {
    return this.#exclusive('train', async () => {
      const { order, sampleWeights, signal, onProgress } = request
      const { batchSize } = this.#job
      const steps = Math.ceil(order.length / batchSize)
      checkRequest(request, steps, this.#data.get('train')?.length ?? 0)
      await this.#clearSums()
      const weighted = sampleWeights !== undefined
      let done = 0
      let samples = 0
      let atOnce = 1
      while (done < steps && !signal?.aborted) {
        const left = order.length - samples
        const batch = Math.min(batchSize, left)
        const loaded = await this.#plan('train', 'train', batch, weighted)
        const count = this.#separate ? 1 : Math.min(atOnce, Math.floor(left / batch))
        const rows = order.subarray(samples, samples + count * batch)
        const rates = this.#rates(request, done, count)
        const began = performance.now()
        await this.#runSteps(
          loaded,
          rows,
          request.firstStep + done,
          rates,
          sampleWeights?.subarray(samples, samples + count * batch),
        )
        done += count
        samples += count * batch
        if (this.#separate) await this.#update(this.#separate, rates)
        else this.#iteration += count
        atOnce = this.#pace(count, performance.now() - began, batch)
        onProgress?.({ steps: done, samples, ...(await this.#readSums()) })
      }
      return { steps: done, samples, ...(await this.#readSums()) }
    })
  }

  /** Of each step, the rate with the optimizer's correction and the plain one. */
  #rates({ learningRate }: TrainRequest, from: number, count: number): Float32Array {
    const pairs = new Float32Array(2 * count)
    for (let i = 0; i < count; i++) {
      const rate = typeof learningRate === 'number' ? learningRate : (learningRate[from + i] ?? 0)
      pairs.set([this.#form.rate(rate, this.#iteration + i + 1), rate], 2 * i)
    }
    return pairs
  }

  /** How many steps to run next, so that a run takes about RUN_MS. */
  #pace(count: number, ms: number, batch: number): number {
    const room = Math.floor(MAX_RUN_ROWS / batch)
    return Math.max(1, Math.min(room, count * 4, Math.floor((RUN_MS * count) / Math.max(ms, 0.01))))
  }

  evaluate(split: Split, options: { signal?: AbortSignal } = {}): Promise<MetricSums> {
    return this.#exclusive('evaluate', async () => {
      const length = this.#data.get(split)?.length ?? 0
      await this.#plan('evaluate', split, Math.min(this.#job.batchSize, Math.max(1, length)))
      await this.#clearSums()
      let samples = 0
      let atOnce = 8
      while (samples < length) {
        if (options.signal?.aborted) {
          throw new GichoError(
            'aborted',
            `evaluate: stopped by its signal after ${samples} of ${length} images. Call it again to repeat it.`,
          )
        }
        const batch = Math.min(this.#job.batchSize, length - samples)
        const loaded = await this.#plan('evaluate', split, batch)
        const count = Math.min(atOnce, Math.floor((length - samples) / batch))
        const first = samples
        const rows = Uint32Array.from({ length: count * batch }, (_, i) => first + i)
        const began = performance.now()
        await this.#runSteps(loaded, rows, 0, new Float32Array(2 * count))
        samples += count * batch
        atOnce = this.#pace(count, performance.now() - began, batch)
      }
      return { samples, ...(await this.#readSums()) }
    })
  }

  predict(images: Uint8Array): Promise<Float32Array> {
    return this.#exclusive('predict', async () => {
      const size = sizeOf(this.#job.input.shape)
      const count = images.length / size
      if (!Number.isInteger(count)) {
        throw new GichoError(
          'bad-shape',
          `predict: expected whole images of ${size} bytes, got ${images.length} bytes. Pass them one after the other.`,
        )
      }
      const outputs = new Float32Array(count * this.#classes)
      const place = this.#data.get('predict')
      if (!place) return outputs
      for (let first = 0; first < count; first += PREDICT_BATCH) {
        const batch = Math.min(PREDICT_BATCH, count - first)
        const loaded = await this.#plan('predict', 'predict', batch)
        await this.#machine.write(addressOf(place.images), images.subarray(first * size, (first + batch) * size))
        await this.#runSteps(
          loaded,
          Uint32Array.from({ length: batch }, (_, i) => i),
          0,
          new Float32Array(2),
        )
        const rowBytes = loaded.plan.outputRow
        const stored = new Float32Array(
          (await this.#machine.read(addressOf(this.#places.outputs), batch * rowBytes)).buffer,
        )
        for (let i = 0; i < batch; i++) {
          const row = stored.subarray((i * rowBytes) / 4, (i * rowBytes) / 4 + this.#classes)
          outputs.set(row, (first + i) * this.#classes)
        }
      }
      return outputs
    })
  }

  readWeights(): Promise<NamedArray[]> {
    return this.#exclusive('readWeights', () => this.#weights.read())
  }

  writeWeights(weights: readonly NamedArray[]): Promise<void> {
    return this.#exclusive('writeWeights', () => this.#weights.write(weights))
  }

  readOptimizer(): Promise<NamedArray[]> {
    return this.#exclusive('readOptimizer', async () => {
      const slots = await this.#weights.readSlots()
      return countsSteps(this.#job.optimizer)
        ? [{ name: 'iteration', shape: [], values: Float32Array.of(this.#iteration) }, ...slots]
        : slots
    })
  }

  writeOptimizer(state: readonly NamedArray[]): Promise<void> {
    return this.#exclusive('writeOptimizer', async () => {
      const counter = state.find(({ name }) => name === 'iteration')
      await this.#weights.writeSlots(state.filter(({ name }) => name !== 'iteration'))
      this.#iteration = counter?.values[0] ?? 0
    })
  }

  /** Ends the threads; a call under way rejects with `disposed`. */
  async dispose(): Promise<void> {
    if (this.#disposed) return
    this.#disposed = true
    await this.#machine.dispose()
  }

  async #exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#disposed) throw new GichoError('disposed', 'session: it was disposed. Open a new one with engine.open().')
    if (this.#busy)
      throw new GichoError('bad-argument', `session: ${name} was called while another call runs. Await that one first.`)
    const running = work()
    this.#busy = running
    try {
      return await running
    } finally {
      this.#busy = undefined
    }
  }
}
