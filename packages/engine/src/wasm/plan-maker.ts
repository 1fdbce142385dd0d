/*
 * Where everything lies in the arena: the threads' records, the regions of weights, slots and gradients, the order of the rows and
 * the rates of a run, the data as bytes, and behind it all the plans, which are made when they are first needed. Needs no thread:
 * what it says is carried out by the session, or only printed.
 */
import { DRAW_NUMBERS, GichoError, type ImageShape, type Split, sizeOf, type TrainingJob } from '@gicho/core'
import { type Graph, isConstrained } from '../graph/graph.ts'
import { expectedWeights } from '../graph/weight-shapes.ts'
import type { DrawnInput, PlanMode, Ref } from '../ops/emitter.ts'
import { updateTable } from '../ops/kernel-table.ts'
import { encodePlan } from '../plan/encode.ts'
import { MemoryMap } from '../plan/memory-map.ts'
import { makeConstraintPlan, makePlan, makeUpdatePlan, type Plan, type PlanOptions } from '../plan/plan.ts'
import type { PlanMemory } from '../plan/plan-emitter.ts'
import { scratchBytes } from '../plan/scratch-bytes.ts'
import { layOutWeights } from '../plan/weight-layout.ts'
import { WeightRegions } from '../plan/weight-regions.ts'
import { noValidation } from '../session/errors.ts'
import { matchByName } from '../session/match-by-name.ts'
import { type OptimizerForm, optimizerForm } from '../session/optimizer-form.ts'
import { CONTEXT_BYTES } from './context-bytes.ts'
import { type SeparateUpdate, type SessionOptions, separateUpdate } from './separate-update.ts'

/** Rows that one run of steps may take, where a single batch hasn't more: its order and sample weights have room for so many. */
const RUN_ROWS = 65536
/** Images that `predict` takes at once. */
export const PREDICT_BATCH = 64

/** What a plan reads: a split of the data, or what `predict` was given. */
export type Source = Split | 'predict'

export interface DataPlaces {
  readonly images: Ref
  readonly labels: Ref
  readonly length: number
  /** Of an image. */
  readonly shape: ImageShape
}

/** A plan, and what to write where before it runs. */
export interface MadePlan {
  readonly plan: Plan
  readonly program: Ref
  readonly words: Int32Array
  readonly scratchBefore: Scratch
}

interface Scratch {
  readonly address: number
  readonly bytes: number
}

/** A weight's own record of the optimizer, for its penalty. */
interface PenaltyPlace {
  readonly place: Ref
  readonly penalty: { readonly l1: number; readonly l2: number }
}

interface Places {
  readonly control: Ref
  readonly update: Ref
  /** The record of an update that is a pass of its own. */
  readonly separate: Ref
  /** By weight; the others share `update`. */
  readonly penalties: ReadonlyMap<string, PenaltyPlace>
  readonly table: Ref
  /** A record for each thread. */
  readonly contexts: readonly Ref[]
  readonly order: Ref
  readonly rates: Ref
  readonly sampleWeights: Ref
  /** Draws of a run's rows, where images are augmented. */
  readonly draws: Ref | undefined
  readonly outputs: Ref
}

/** Lays out the memory of a job, and makes its plans. */
export class PlanMaker {
  readonly form: OptimizerForm
  readonly weights: WeightRegions
  readonly places: Places
  readonly classes: number
  /** Where the update is a pass of its own: what is done before it. */
  readonly separate: SeparateUpdate | undefined
  /** Rows that one run may take. */
  readonly runRows: number
  /** Memory of each thread's own, as much as the plans so far want. */
  scratch: Scratch = { address: 0, bytes: 0 }
  readonly #job: TrainingJob
  readonly #graph: Graph
  readonly #threads: number
  readonly #map = new MemoryMap()
  readonly #data = new Map<Source, DataPlaces>()

  /** @param largestBatch rows that a batch may have at most @throws GichoError `bad-shape` when the job's weights aren't the model's */
  constructor(job: TrainingJob, graph: Graph, threads: number, largestBatch: number, options: SessionOptions = {}) {
    this.#job = job
    this.#graph = graph
    this.#threads = threads
    matchByName('weights', expectedWeights(graph), job.model.weights)
    this.form = optimizerForm(job.optimizer)
    this.separate = separateUpdate(job.optimizer, options)
    this.classes = graph.nodes.at(-1)?.shape[0] ?? 0
    this.runRows = Math.max(RUN_ROWS, largestBatch)
    const map = this.#map
    this.places = {
      control: map.place('sums', CONTEXT_BYTES),
      update: map.place('optimizer', updateTable.length * 4),
      separate: map.place('optimizer', updateTable.length * 4),
      penalties: this.#placePenalties(),
      table: map.place('bytes', 1024),
      contexts: Array.from({ length: threads }, () => map.place('thread', CONTEXT_BYTES)),
      order: map.place('order', this.runRows * 4),
      rates: map.place('rates', this.runRows * 8),
      sampleWeights: map.place('sample weights', this.runRows * 4),
      draws: job.augment && map.place('draws', this.runRows * DRAW_NUMBERS * 8),
      outputs: map.place('outputs', PREDICT_BATCH * (this.classes + 64) * 4),
    }
    this.weights = new WeightRegions(map, layOutWeights(graph), this.form.slots.length)
    this.placeData('predict', PREDICT_BATCH)
  }

  /** Bytes of memory that are needed so far. */
  get bytes(): number {
    return this.#map.end
  }

  /** Makes room for images and their labels. */
  placeData(source: Source, length: number, shape: ImageShape = imageShape(this.#job.input.shape)): DataPlaces {
    const images = this.#map.place(`${source} images`, length * sizeOf(this.#job.input.shape))
    const labels = this.#map.place(`${source} labels`, length * 2)
    const places = { images, labels, length, shape }
    this.#data.set(source, places)
    return places
  }

  data(source: Source): DataPlaces {
    const data = this.#data.get(source)
    if (!data) throw noValidation()
    return data
  }

  /**
   * The plan of a mode on a source at a batch size. `bytes` has grown by what it needs: who can't have so much drops it.
   *
   * @throws GichoError `bad-argument` for a batch larger than a run may be
   */
  make(mode: PlanMode, source: Source, batch: number, weighted: boolean): MadePlan {
    if (batch > this.runRows)
      throw new GichoError('bad-argument', `train: expected batches of at most ${this.runRows} rows, got ${batch}.`)
    return this.#place(makePlan(this.#graph, this.#memory(source, weighted), this.#options(mode, batch)))
  }

  /** The plan of an update that is a pass of its own. */
  makeUpdate(): MadePlan {
    const memory = { ...this.#memory('train', false), update: this.places.separate, updates: new Map() }
    return this.#place(makeUpdatePlan(this.#graph, memory, this.#options('train', 1), this.separate?.rules ?? {}))
  }

  /** The plan of the constraints alone; undefined where no trained weight has one. */
  makeConstraints(): MadePlan | undefined {
    if (!isConstrained(this.#graph)) return undefined
    return this.#place(makeConstraintPlan(this.#graph, this.#memory('train', false), this.#options('train', 1)))
  }

  #place(plan: Plan): MadePlan {
    const scratchBefore = this.scratch
    this.#map.moveTo(plan.end)
    const words = encodePlan(plan)
    const program = this.#map.place('program', words.byteLength)
    const bytes = scratchBytes(plan)
    if (bytes > this.scratch.bytes) this.scratch = { address: this.#map.take(bytes * this.#threads), bytes }
    return { plan, program, words, scratchBefore }
  }

  /** Gives back the memory of the plan that was made last. */
  drop({ plan, scratchBefore }: MadePlan): void {
    this.#map.moveTo(plan.begin)
    this.scratch = scratchBefore
  }

  #memory(source: Source, weighted: boolean): PlanMemory {
    const { images, labels, shape } = this.data(source)
    const { control, update, penalties, table, sampleWeights, outputs } = this.places
    return {
      images,
      labels,
      byteTable: table,
      sampleWeights: weighted ? sampleWeights : undefined,
      drawn: this.#drawn(shape),
      sums: control,
      update,
      updates: new Map([...penalties].map(([name, { place }]) => [name, place])),
      layout: this.weights.layout,
      weightBuffers: this.weights.buffers,
      outputs,
    }
  }

  #drawn(shape: ImageShape): DrawnInput | undefined {
    const { augment: augmentation } = this.#job
    const { draws } = this.places
    return augmentation && draws ? { draws, shape, augmentation } : undefined
  }

  #options(mode: PlanMode, batch: number): PlanOptions {
    const { seed, loss, labelSmoothing: smoothing = 0 } = this.#job
    const storesGradients = this.separate !== undefined
    return { mode, batch, seed, base: this.#map.end, loss: { name: loss, smoothing }, storesGradients }
  }

  #placePenalties(): Map<string, PenaltyPlace> {
    const places = new Map<string, PenaltyPlace>()
    for (const node of this.#graph.nodes) {
      for (const [role, { l1, l2 }] of Object.entries(node.rules ?? {})) {
        const name = node.weights[role]
        if (name === undefined || (l1 === 0 && l2 === 0)) continue
        places.set(name, { place: this.#map.place('optimizer', updateTable.length * 4), penalty: { l1, l2 } })
      }
    }
    return places
  }
}

/** The shape of an image where only that of a sample is known. */
function imageShape(sample: readonly number[]): ImageShape {
  const [height = 1, width = 1, channels = 1] = sample
  return [height, width, channels]
}
