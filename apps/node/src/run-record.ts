import { join } from 'node:path'
import {
  type Checkpoint,
  type EpochRecord,
  GichoError,
  type History,
  type OptimizerConfig,
  type Picture,
  type RunCard,
  type RunOptions,
  type RunStart,
  removeUnfinished,
  type TrainingState,
} from '@gicho/core'
import { type SavedModel, saveModel } from '@gicho/models'
import type { Lesson } from '@gicho/recipes'
import { CheckpointWriter } from './checkpoints.ts'
import { createRunFolder, removeRunFolder, writePicture, writeRun } from './run-folder.ts'
import { versions } from './versions.ts'

const MODEL = 'model'

/** What is known of a run before it starts. */
export interface RunPlan {
  /** Folder of all runs. */
  readonly root: string
  readonly recipe: string
  readonly dataset: string
  readonly seed: number
  readonly epochs: number
  readonly batchSize: number
  /** What the run was asked for besides: it is resumed with the same. */
  readonly options: RunOptions
}

/** A run that goes on in its folder. */
export interface EarlierPart {
  readonly folder: string
  readonly startedAt: string
  /** Of all its parts so far. */
  readonly seconds: number
  readonly history: History
  readonly dataset: RunCard['dataset']
  /** Undefined for a run that ended before its first checkpoint: it begins anew. */
  readonly checkpoint: Checkpoint | undefined
}

/** Keeps a run's folder up to date while it trains: whatever ends the run, what was done is on disk. */
export class RunRecord {
  /** The run's folder. */
  readonly folder: string
  readonly #plan: RunPlan
  readonly #earlier: EarlierPart | undefined
  readonly #checkpoints: CheckpointWriter
  readonly #partStartedAt = Date.now()
  #card: RunCard | undefined
  /** Name of the folder of the saved model; a lesson may have chosen another. */
  #model = MODEL
  #isSaved = false

  private constructor(plan: RunPlan, folder: string, earlier?: EarlierPart) {
    this.#plan = plan
    this.#earlier = earlier
    this.#checkpoints = new CheckpointWriter(folder, plan.recipe, earlier?.checkpoint)
    this.folder = folder
  }

  /** Makes the run's folder. @throws GichoError `io` when nothing can be written there */
  static async create(plan: RunPlan): Promise<RunRecord> {
    return new RunRecord(plan, await createRunFolder(plan.root, plan.recipe))
  }

  /** Goes on in the folder of a run that was interrupted. */
  static async reopen(plan: RunPlan, earlier: EarlierPart): Promise<RunRecord> {
    await removeUnfinished(earlier.folder)
    return new RunRecord(plan, earlier.folder, earlier)
  }

  async picture(name: string, picture: Picture): Promise<void> {
    await writePicture(this.folder, name, picture)
  }

  /**
   * Writes the first card. It says `interrupted` until the run is over, which is the truth if the process is killed.
   *
   * @throws GichoError `bad-data` for a run that goes on with other data; `io` when the card can't be written
   */
  start(run: RunStart, source: string, optimizer?: OptimizerConfig): void {
    if (this.#earlier) checkSameData(this.#earlier, run)
    const { recipe, dataset, seed, epochs, batchSize, options } = this.#plan
    this.#update({
      format: 'gicho-run',
      formatVersion: 1,
      recipe,
      dataset: { name: dataset, source, train: run.train, valid: run.valid },
      seed,
      epochs,
      batchSize,
      ...(optimizer ? { optimizer } : {}),
      engine: run.engine,
      device: run.device,
      threads: run.threads,
      parameters: run.parameters,
      versions: versions(),
      startedAt: this.#earlier?.startedAt ?? new Date(this.#partStartedAt).toISOString(),
      seconds: 0,
      status: 'interrupted',
      history: this.#earlier?.history ?? [],
      options,
    })
  }

  epoch(record: EpochRecord): void {
    if (this.#card) this.#update({ ...this.#card, history: [...this.#card.history, record] })
  }

  /** True once the run can be found again: its card is on the disk. */
  get hasCard(): boolean {
    return this.#card !== undefined
  }

  /** Folder of the saved model. */
  get modelFolder(): string {
    return join(this.folder, this.#model)
  }

  /** Saves the trained model under the name that the lesson gives it; gives its folder. */
  async saveModel(name: string, saved: SavedModel): Promise<string> {
    this.#model = name
    await saveModel(this.modelFolder, saved)
    this.#isSaved = true
    return this.modelFolder
  }

  async checkpoint(state: TrainingState): Promise<void> {
    await this.#checkpoints.save(state)
  }

  /** Saves the trained model where there is one, and closes the card; gives the card, or nothing if no run had begun. */
  async finish(status: RunCard['status'], lesson: Lesson): Promise<RunCard | undefined> {
    if (this.#card === undefined) {
      if (this.#earlier === undefined) await removeRunFolder(this.folder)
      return undefined
    }
    const saved = await this.#saveModel(lesson)
    return this.#update({ ...this.#card, status, ...(saved ? { model: this.#model } : {}) })
  }

  /** Of a failed run the weights of its last good epoch, which `fit` leaves in the model. */
  async #saveModel({ model, fitResult, compile, input, train }: Lesson): Promise<boolean> {
    if (this.#isSaved) return true
    const hasLearned = fitResult !== undefined || (this.#card?.history.length ?? 0) > 0
    if (!hasLearned || !model || !compile || !input || !train) return false
    await saveModel(this.modelFolder, {
      model,
      classNames: train.classNames,
      input,
      compile,
      ...(fitResult ? { optimizerState: fitResult.optimizerState } : {}),
    })
    return true
  }

  #update(card: RunCard): RunCard {
    const seconds = (this.#earlier?.seconds ?? 0) + (Date.now() - this.#partStartedAt) / 1000
    const written = { ...card, seconds }
    writeRun(this.folder, written)
    this.#card = written
    return written
  }
}

function checkSameData({ folder, dataset }: EarlierPart, { train, valid }: RunStart): void {
  if (train === dataset.train && valid === dataset.valid) return
  const message = `${folder}: expected the ${dataset.train} training and ${dataset.valid} validation images that this run began with, got ${train} and ${valid}. Name its data with --data PATH.`
  throw new GichoError('bad-data', message)
}
