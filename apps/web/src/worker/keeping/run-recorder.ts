import {
  type EpochRecord,
  encodeRunCard,
  optimizers,
  type RunCard,
  type RunStart,
  type TrainingState,
} from '@gicho/core'
import { type SavedModel, toFiles } from '@gicho/models'
import { encodeCheckpoint } from '@gicho/trainer'
import type { Settings } from '../../settings.ts'
import { keptEpochs } from './kept-epochs.ts'
import { folderOf, type KeptRun, type RunPlace, type RunStore } from './run-store.ts'

/** What is known of a run before it starts. */
export interface RunPlan {
  readonly settings: Settings
  readonly dataset: string
  readonly versions: Readonly<Record<string, string>>
  readonly language: string
  /** A run that goes on. */
  readonly earlier?: KeptRun
}

/** Keeps a run's files up to date while it trains. What can't be kept is told of once, and the training goes on. */
export class RunRecorder {
  readonly place: RunPlace
  readonly #store: RunStore
  readonly #plan: RunPlan
  readonly #onTrouble: (error: unknown) => void
  readonly #began = Date.now()
  #card: RunCard | undefined
  #inBetween: string | undefined
  #lastSteps = -1
  #isTold = false

  constructor(store: RunStore, place: RunPlace, plan: RunPlan, onTrouble: (error: unknown) => void) {
    this.place = place
    this.#store = store
    this.#plan = plan
    this.#onTrouble = onTrouble
  }

  get card(): RunCard | undefined {
    return this.#card
  }

  /** The first card says `interrupted`, which is the truth if the tab is closed. */
  async start(run: RunStart, source: string): Promise<void> {
    const { settings, dataset, versions, language, earlier } = this.#plan
    const { limit } = settings
    await this.#update({
      format: 'gicho-run',
      formatVersion: 1,
      recipe: this.place.recipe,
      dataset: { name: dataset, source, train: run.train, valid: run.valid },
      seed: settings.seed,
      epochs: settings.epochs,
      batchSize: settings.batchSize,
      optimizer: optimizers[settings.optimizer]({ learningRate: settings.learningRate }),
      engine: run.engine,
      device: run.device,
      threads: run.threads,
      parameters: run.parameters,
      versions,
      startedAt: earlier?.card.startedAt ?? new Date(this.#began).toISOString(),
      seconds: 0,
      status: 'interrupted',
      history: earlier?.card.history ?? [],
      // The names that Node's command takes; it resumes with the fastest engine that it has.
      options: { engine: 'auto', backend: 'auto', language, ...(limit > 0 ? { limit } : {}) },
    })
  }

  async epoch(record: EpochRecord): Promise<void> {
    if (this.#card) await this.#update({ ...this.#card, history: [...this.#card.history, record] })
  }

  /** Another engine took over, and the card says so. */
  async goesOnWith(engine: string): Promise<void> {
    if (this.#card) await this.#update({ ...this.#card, device: `${this.#card.device}, then ${engine}` })
  }

  /** The ends of some epochs are kept; of the states in between the newest alone. */
  async checkpoint(state: TrainingState): Promise<void> {
    const { steps } = state.progress
    if (steps > 0 && steps === this.#lastSteps) return // it stands still
    this.#lastSteps = steps
    const name = `epoch-${String(state.epoch).padStart(3, '0')}-step-${String(steps).padStart(5, '0')}.safetensors`
    const path = `${folderOf(this.place)}/checkpoints/${name}`
    const bytes = new Uint8Array(encodeCheckpoint({ ...state, recipe: this.place.recipe }))
    const before = this.#inBetween
    await this.#keep(async () => {
      await this.#store.files.write(path, bytes)
      this.#inBetween = steps > 0 ? path : undefined
      if (before !== undefined && before !== path) await this.#store.files.remove(before)
      if (steps === 0) await this.#store.keepEpochs(this.place, keptEpochs(state.history))
    })
  }

  /** Saves the trained model under a name, in the place of one that was saved before. */
  async saveModel(name: string, saved: SavedModel): Promise<string> {
    const folder = `${folderOf(this.place)}/${name}`
    await this.#keep(async () => {
      for (const [file, bytes] of await toFiles(saved)) await this.#store.files.write(`${folder}/${file}`, bytes)
      const earlier = this.#card?.model
      if (this.#card) await this.#write({ ...this.#card, model: name })
      if (earlier !== undefined && earlier !== name)
        await this.#store.files.remove(`${folderOf(this.place)}/${earlier}`)
    })
    return folder
  }

  async finish(status: RunCard['status']): Promise<void> {
    if (this.#card) await this.#update({ ...this.#card, status })
  }

  #update(card: RunCard): Promise<void> {
    const seconds = (this.#plan.earlier?.card.seconds ?? 0) + (Date.now() - this.#began) / 1000
    return this.#keep(() => this.#write({ ...card, seconds }))
  }

  async #write(card: RunCard): Promise<void> {
    this.#card = card
    await this.#store.files.write(`${folderOf(this.place)}/run.json`, encodeRunCard(card))
  }

  async #keep(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!this.#isTold) this.#onTrouble(error)
      this.#isTold = true
    }
  }
}
