import type { TrainRequest } from '@gicho/core'
import type { PlanMode } from '../ops/emitter.ts'
import type { GpuPlan } from '../plan/gpu-plan.ts'
import type { GpuMachine } from './machine.ts'
import type { GpuPlanMaker, Source } from './plan-maker.ts'
import type { OnCompile, Program } from './programs.ts'

/** What a call of `train` runs: the plans of whole batches and of a short last one, and the update where that is one by itself. */
export interface TrainPrograms {
  ofBatch(size: number): Program | undefined
  readonly update: Program | undefined
  /** What follows a step without an update. */
  readonly constraints: Program | undefined
}

/** A session's plans with their compiled shaders, each made when it is first needed. */
export class SessionPrograms {
  readonly #machine: GpuMachine
  readonly #maker: GpuPlanMaker
  readonly #onCompile: OnCompile | undefined
  readonly #programs = new Map<string, Promise<Program>>()
  #reserved: Promise<void> = Promise.resolve()

  constructor(machine: GpuMachine, maker: GpuPlanMaker, onCompile: OnCompile | undefined) {
    this.#machine = machine
    this.#maker = maker
    this.#onCompile = onCompile
  }

  /** The plan of a mode at a batch size. */
  get(mode: PlanMode, source: Source, batch: number, weighted = false): Promise<Program> {
    return this.#compiled(`${mode} ${source} ${batch} ${weighted}`, () =>
      this.#maker.make(mode, source, batch, weighted),
    )
  }

  /** All that a request needs, compiled side by side. */
  async forTraining({ order, sampleWeights }: TrainRequest, batchSize: number): Promise<TrainPrograms> {
    const sizes = [Math.min(batchSize, order.length), order.length % batchSize].filter((size) => size > 0)
    const { separate, constrainsSteps } = this.#maker
    const [update, constraints, ...made] = await Promise.all([
      separate === undefined ? undefined : this.#compiled('update', () => this.#maker.makeUpdate()),
      constrainsSteps ? this.#compiled('constraints', () => this.#maker.makeConstraints()) : undefined,
      ...[...new Set(sizes)].map((size) => this.get('train', 'train', size, sampleWeights !== undefined)),
    ])
    return { update, constraints, ofBatch: (size) => made.find((program) => program?.plan.batch === size) }
  }

  #compiled(key: string, make: () => GpuPlan): Promise<Program> {
    const known = this.#programs.get(key)
    if (known) return known
    const made = this.#compile(make)
    this.#programs.set(key, made)
    // One that failed may be tried again.
    made.catch(() => this.#programs.delete(key))
    return made
  }

  async #compile(make: () => GpuPlan): Promise<Program> {
    const plan = make()
    // One after another: each growth copies what the one before has left.
    const reserved = this.#reserved.then(() => this.#reserve(plan))
    this.#reserved = reserved.catch(() => undefined)
    await reserved
    return this.#machine.programs.compile(plan, this.#onCompile)
  }

  /** Makes room for a plan, before shaders name its addresses. */
  async #reserve(plan: GpuPlan): Promise<void> {
    try {
      await this.#machine.arena.reserve(this.#maker.bytes)
      await this.#machine.halves.reserve(this.#maker.halfBytes)
    } catch (error) {
      this.#maker.drop(plan)
      throw error
    }
  }
}
