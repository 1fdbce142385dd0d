/*
 * Runs as files: runs/<recipe>/<number>/ with run.json, the model's folder and checkpoints/, as `gicho` in Node keeps them.
 */
import { type Checkpoint, decodeRunCard, GichoError, type RunCard } from '@gicho/core'
import type { ModelFiles } from '@gicho/models'
import { decodeCheckpoint } from '@gicho/trainer'
import type { Settings } from '../../settings.ts'
import type { FileTree } from './file-tree.ts'
import { settingsOfCard } from './run-settings.ts'

/** Where a run is kept. */
export interface RunPlace {
  readonly recipe: string
  readonly number: number
}

/** A run that is kept, and what can be done with it. */
export interface KeptRun extends RunPlace {
  readonly card: RunCard
  /** Epochs whose weights are kept, in order. */
  readonly epochs: readonly number[]
  /** True where it can go on from where it was interrupted. */
  readonly resumable: boolean
}

const ROOT = 'runs'
const CHECKPOINT = /^epoch-(\d+)-step-(\d+)\.safetensors$/

/** The folder of a run. */
export function folderOf({ recipe, number }: RunPlace): string {
  return `${ROOT}/${recipe}/${number}`
}

/** The runs in a tree of files. */
export class RunStore {
  readonly files: FileTree

  constructor(files: FileTree) {
    this.files = files
  }

  /** Takes the number after the largest there is. */
  async newPlace(recipe: string): Promise<RunPlace> {
    const numbers = (await this.files.list(`${ROOT}/${recipe}`)).map(Number).filter(Number.isInteger)
    return { recipe, number: Math.max(0, ...numbers) + 1 }
  }

  /** Every run whose card can be read, newest first. */
  async list(): Promise<KeptRun[]> {
    const places: RunPlace[] = []
    for (const recipe of await this.files.list(ROOT)) {
      for (const name of await this.files.list(`${ROOT}/${recipe}`)) places.push({ recipe, number: Number(name) })
    }
    const runs = await Promise.all(places.map((place) => this.find(place).catch(() => undefined)))
    return runs.filter((run) => run !== undefined).sort((a, b) => (a.card.startedAt < b.card.startedAt ? 1 : -1))
  }

  /** @throws GichoError `not-found`, `bad-data` */
  async find(place: RunPlace): Promise<KeptRun> {
    const path = `${folderOf(place)}/run.json`
    const bytes = await this.files.read(path)
    if (!bytes) throw new GichoError('not-found', `${folderOf(place)}: there is no such run here any more.`)
    const card = decodeRunCard(bytes, path)
    const checkpoints = await this.#checkpoints(place)
    return {
      ...place,
      card,
      epochs: checkpoints.filter(({ step, epoch }) => step === 0 && epoch > 0).map(({ epoch }) => epoch),
      resumable: card.status === 'interrupted' && checkpoints.length > 0,
    }
  }

  /** The settings that a run was started with. @throws GichoError `not-found`, `unsupported` for a run that this page can't go on with */
  async settings(place: RunPlace): Promise<Settings> {
    const { card } = await this.find(place)
    return settingsOfCard(card, folderOf(place))
  }

  remove(place: RunPlace): Promise<void> {
    return this.files.remove(folderOf(place))
  }

  /** The files of a run's model. @throws GichoError `not-found` for a run without one */
  async modelFiles({ card, ...place }: Pick<KeptRun, 'card' | 'recipe' | 'number'>): Promise<ModelFiles> {
    if (card.model === undefined) {
      throw new GichoError('not-found', `${folderOf(place)}: this run ended without a saved model. Train again.`)
    }
    const folder = `${folderOf(place)}/${card.model}`
    const found = new Map<string, Uint8Array<ArrayBuffer>>()
    for (const name of await this.files.list(folder)) {
      const bytes = await this.files.read(`${folder}/${name}`)
      if (bytes) found.set(name, bytes)
    }
    return found
  }

  /**
   * The checkpoint at the end of an epoch, or the newest; one that is damaged or another lesson's is passed over for the next older one.
   *
   * @param onPassedOver told of each
   * @throws GichoError `not-found` when none is kept, `bad-data` when none can be used
   */
  async checkpoint(place: RunPlace, epoch?: number, onPassedOver?: (error: unknown) => void): Promise<Checkpoint> {
    const all = (await this.#checkpoints(place)).reverse()
    const wanted = epoch === undefined ? all : all.filter((each) => each.epoch === epoch && each.step === 0)
    let failure: unknown
    for (const { name } of wanted) {
      try {
        const bytes = await this.files.read(`${folderOf(place)}/checkpoints/${name}`)
        if (bytes) return ofLesson(decodeCheckpoint(bytes, name), place, name)
      } catch (error) {
        failure ??= error
        onPassedOver?.(error)
      }
    }
    if (failure !== undefined) throw failure
    throw new GichoError('not-found', `${folderOf(place)}: expected a checkpoint, found none. Train again.`)
  }

  /** Removes the weights of all epochs but these; a state within an epoch stays. */
  async keepEpochs(place: RunPlace, epochs: ReadonlySet<number>): Promise<void> {
    for (const { name, epoch, step } of await this.#checkpoints(place)) {
      if (step === 0 && !epochs.has(epoch)) await this.files.remove(`${folderOf(place)}/checkpoints/${name}`)
    }
  }

  /** In the order in which they were made. */
  async #checkpoints(place: RunPlace): Promise<{ name: string; epoch: number; step: number }[]> {
    const names = await this.files.list(`${folderOf(place)}/checkpoints`)
    return names
      .flatMap((name) => {
        const [, epoch, step] = CHECKPOINT.exec(name) ?? []
        return epoch && step ? [{ name, epoch: Number(epoch), step: Number(step) }] : []
      })
      .sort((a, b) => a.epoch - b.epoch || a.step - b.step)
  }
}

function ofLesson(checkpoint: Checkpoint, { recipe }: RunPlace, name: string): Checkpoint {
  if (checkpoint.recipe === recipe) return checkpoint
  throw new GichoError(
    'bad-data',
    `${name}: expected a checkpoint of ${recipe}, but it is one of ${checkpoint.recipe}.`,
  )
}
