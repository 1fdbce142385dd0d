/*
 * Where everything lies in the GPU's arena, and the plans of a job: weights, slots and gradients, the table of bytes, the sums of a
 * run's steps, outputs; and behind them one region that all plans share, for nothing in it outlives a step. Needs no device.
 */
import { GichoError, type ImageShape, type Split, sizeOf, type TrainingJob } from '@gicho/core'
import { type Graph, isConstrained } from '../graph/graph.ts'
import { expectedWeights } from '../graph/weight-shapes.ts'
import type { PlanMode, Ref } from '../ops/emitter.ts'
import {
  type GpuPlan,
  type GpuPlanMemory,
  type GpuPlanOptions,
  makeGpuConstraintPlan,
  makeGpuPlan,
  makeGpuUpdatePlan,
} from '../plan/gpu-plan.ts'
import { MemoryMap } from '../plan/memory-map.ts'
import { layOutWeights } from '../plan/weight-layout.ts'
import { WeightRegions } from '../plan/weight-regions.ts'
import { matchByName } from '../session/match-by-name.ts'
import { type OptimizerForm, optimizerForm } from '../session/optimizer-form.ts'
import { DRAW_WORDS, rowPlaces } from './kernels/gather.ts'
import { RUN_STEPS, SUMS_BYTES } from './machine.ts'

/** Rows that one run of steps may take, where a single batch hasn't more. */
const RUN_ROWS = 32768
/** Images that `predict` takes at once. */
export const PREDICT_BATCH = 64

/** What a plan reads: a split of the data, or what `predict` was given. */
export type Source = Split | 'predict'

export class GpuPlanMaker {
  readonly form: OptimizerForm
  readonly weights: WeightRegions
  readonly classes: number
  /** Steps whose gradients make one update; undefined where each step updates at once. */
  readonly separate: number | undefined
  /** Rows that one run may take. */
  readonly capacity: number
  readonly byteTable: Ref
  readonly sums: Ref
  readonly outputs: Ref
  readonly #job: TrainingJob
  readonly #graph: Graph
  readonly #map = new MemoryMap()
  readonly #shapes = new Map<Source, ImageShape>()
  readonly #halfTensors: boolean
  readonly #plans = new Set<GpuPlan>()

  /** @param largestBatch rows that a batch may have at most @throws GichoError `bad-shape` when the job's weights aren't the model's */
  constructor(job: TrainingJob, graph: Graph, largestBatch: number, halfTensors = false) {
    this.#halfTensors = halfTensors
    this.#job = job
    this.#graph = graph
    matchByName('weights', expectedWeights(graph), job.model.weights)
    this.form = optimizerForm(job.optimizer)
    this.classes = graph.nodes.at(-1)?.shape[0] ?? 0
    this.capacity = Math.max(RUN_ROWS, largestBatch)
    const { clipNorm, globalClipNorm, clipValue, accumulationSteps = 1 } = job.optimizer
    this.separate = accumulationSteps > 1 || clipNorm || globalClipNorm || clipValue ? accumulationSteps : undefined
    const map = this.#map
    this.byteTable = map.place('bytes', 1024)
    this.sums = map.place('sums', RUN_STEPS * SUMS_BYTES)
    this.outputs = map.place('outputs', PREDICT_BATCH * (this.classes + 64) * 4)
    this.weights = new WeightRegions(map, layOutWeights(graph), this.form.slots.length)
  }

  /** Words that a run's rows take: order, sample weights, and draws where images are augmented. */
  get rowWords(): number {
    return rowPlaces(this.capacity).draws + (this.#job.augment ? this.capacity * DRAW_WORDS : 0)
  }

  /** Bytes of what outlives a step: the arena begins with it. */
  get keptBytes(): number {
    return this.#map.end
  }

  /** Bytes of arena that the plans so far need. */
  get bytes(): number {
    return Math.max(this.#map.end, ...[...this.#plans].map(({ end }) => end))
  }

  /** Bytes of 16-bit floats that they need: two where a place in a plan counts four. */
  get halfBytes(): number {
    return Math.max(0, ...[...this.#plans].map(({ halfEnd }) => halfEnd)) / 2
  }

  /** Tells what shape the images of a source have. */
  placeData(source: Source, shape: ImageShape): void {
    this.#shapes.set(source, shape)
  }

  /** The plan of a mode on a source at a batch size. @throws GichoError `bad-argument` for a batch larger than a run may be */
  make(mode: PlanMode, source: Source, batch: number, weighted: boolean): GpuPlan {
    if (batch > this.capacity)
      throw new GichoError('bad-argument', `train: expected batches of at most ${this.capacity} rows, got ${batch}.`)
    return this.#noted(makeGpuPlan(this.#graph, this.#memory(), this.#options(mode, source, batch, weighted)))
  }

  /** The plan of an update that is a pass of its own. */
  makeUpdate(): GpuPlan {
    const options = this.#options('train', 'train', 1, false)
    return this.#noted(makeGpuUpdatePlan(this.#graph, this.#memory(), options, this.#job.optimizer))
  }

  /** True where steps that don't update are followed by `makeConstraints`. */
  get constrainsSteps(): boolean {
    return (this.separate ?? 1) > 1 && isConstrained(this.#graph)
  }

  /** The plan of the constraints alone. */
  makeConstraints(): GpuPlan {
    const options = this.#options('train', 'train', 1, false)
    return this.#noted(makeGpuConstraintPlan(this.#graph, this.#memory(), options))
  }

  #noted(plan: GpuPlan): GpuPlan {
    this.#plans.add(plan)
    return plan
  }

  /** Forgets a plan whose memory the device hasn't got. */
  drop(plan: GpuPlan): void {
    this.#plans.delete(plan)
  }

  #memory(): GpuPlanMemory {
    const { kind, settings, slots } = this.form
    const { layout, buffers } = this.weights
    const { byteTable, sums, outputs, capacity } = this
    const update = {
      kind,
      settings,
      slots: slots.length,
      regionBytes: layout.trainableBytes,
      storesGradients: this.separate !== undefined,
      gradientScale: 1,
    }
    return { layout, weightBuffers: buffers, update, byteTable, sums, outputs, capacity }
  }

  #options(mode: PlanMode, source: Source, batch: number, weighted: boolean): GpuPlanOptions {
    const { seed, loss: name, labelSmoothing: smoothing = 0, augment: augmentation, input } = this.#job
    const imageShape = this.#shapes.get(source) ?? [1, 1, sizeOf(input.shape)]
    const [base, halfTensors] = [this.#map.end, this.#halfTensors]
    const loss = { name, smoothing }
    return { mode, batch, seed, weighted, imageShape, augmentation, loss, halfTensors, base }
  }
}
