/*
 * A run's checkpoints on disk: `checkpoints/epoch-003-step-00412.safetensors`, each there whole or not at all, so that a run that is
 * killed at any moment finds a whole one. The newest few are kept, and the best epoch's as `best.safetensors`: an older one is removed
 * only after a newer one is on the disk to the last byte.
 */

import { link, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import {
  type Checkpoint,
  fileErrorWords,
  GichoError,
  makeFolder,
  messageOf,
  type RunCard,
  readPlainFile,
  removeUnfinished,
  replaceFile,
  type TrainingState,
} from '@gicho/core'
import { decodeCheckpoint, encodeCheckpoint } from '@gicho/trainer'
import { calledAs } from './called-as.ts'
import { isFile } from './file-kind.ts'

/** Name of the folder within a run's. */
const CHECKPOINTS = 'checkpoints'
const BEST = 'best.safetensors'
const NAME = /^epoch-(\d+)-step-(\d+)\.safetensors$/
const KEEP = 3
/** Ending of a checkpoint that can't be used. */
const SET_ASIDE = '.set-aside'
/** Far more than a checkpoint of an image classifier has. */
const LARGEST_BYTES = 2 ** 31

/** Writes the checkpoints of one run. */
export class CheckpointWriter {
  readonly #folder: string
  readonly #recipe: string
  /** The state that the run goes on from, until the first is saved. */
  #begin: Place | undefined
  #best: number | undefined

  /**
   * @param run the run's folder
   * @param from the state that the run goes on from; left out where it begins
   */
  constructor(run: string, recipe: string, from?: Pick<TrainingState, 'epoch' | 'progress'>) {
    this.#folder = join(run, CHECKPOINTS)
    this.#recipe = recipe
    this.#begin = { epoch: from?.epoch ?? 0, steps: from?.progress.steps ?? 0 }
  }

  /** Keeps a state, and forgets the oldest. @throws GichoError `io` when it can't be written */
  async save(state: TrainingState): Promise<void> {
    const path = join(this.#folder, fileName(state))
    try {
      await makeFolder(this.#folder)
      if (this.#begin) await this.#tidy(this.#begin)
      this.#begin = undefined
      const bytes = encodeCheckpoint({ ...state, recipe: this.#recipe })
      await replaceFile(path, bytes)
      if (isBest(state)) await this.#keepBest(state, path, bytes)
      for (const old of (await checkpointFiles(this.#folder)).slice(KEEP)) await rm(old, { force: true })
    } catch (error) {
      const message = `${path}: the checkpoint can't be written: ${fileErrorWords(error)}. Earlier ones are kept: make room.`
      throw new GichoError('io', message, { cause: error })
    }
  }

  /**
   * Before the first save: what a killed run was writing goes, and what claims to be newer than the state that this run goes on from
   * (it was damaged, or is another run's) gets another name, or it would count as newer than all that is saved from here on.
   */
  async #tidy(begin: Place): Promise<void> {
    await removeUnfinished(this.#folder)
    for (const path of await checkpointFiles(this.#folder)) {
      if (compare(placeOf(path), begin) > 0) await rename(path, `${path}${SET_ASIDE}`)
    }
  }

  /** A second name for the same file, put in place in one move; a copy on a disk that gives a file one name alone. */
  async #keepBest({ history }: TrainingState, path: string, bytes: Uint8Array): Promise<void> {
    const score = scoreOf(history.at(-1))
    if (score === this.#best) return
    const beside = join(this.#folder, `.${BEST}`)
    const best = join(this.#folder, BEST)
    await rm(beside, { force: true })
    try {
      await link(path, beside)
      await rename(beside, best)
    } catch {
      await replaceFile(best, bytes)
    }
    this.#best = score
  }
}

/**
 * The newest checkpoint of a run that is whole and its own, the best epoch's last; each that is passed over is told of.
 *
 * @param card what the run's own checkpoints must agree with
 * @returns undefined where none has been written
 * @throws GichoError `bad-data` when there are some, and none can be used
 */
export async function newestCheckpoint(
  run: string,
  card: Pick<RunCard, 'recipe' | 'parameters' | 'history'>,
  onWarning: (message: string) => void,
): Promise<Checkpoint | undefined> {
  const folder = join(run, CHECKPOINTS)
  const files = await checkpointFiles(folder)
  const best = join(folder, BEST)
  if (await isFile(best)) files.push(best)
  for (const path of files) {
    try {
      const bytes = await readPlainFile(path, { maxBytes: LARGEST_BYTES, what: 'a checkpoint' })
      return checkOwn(decodeCheckpoint(bytes, path), card, path)
    } catch (error) {
      onWarning(messageOf(error))
    }
  }
  if (files.length === 0) return undefined
  const message = `${run}: expected a checkpoint to go on from, but none of its ${files.length} can be used. Train again: ${calledAs()} train ${card.recipe}`
  throw new GichoError('bad-data', message)
}

/** @throws GichoError `bad-data` for another run's, as far as can be told before there is a model */
function checkOwn(
  checkpoint: Checkpoint,
  card: Pick<RunCard, 'recipe' | 'parameters' | 'history'>,
  path: string,
): Checkpoint {
  const parameters = checkpoint.weights.reduce((total, { values }) => total + values.length, 0)
  const other = checkpoint.history.find((epoch, i) => (card.history[i]?.loss ?? epoch.loss) !== epoch.loss)
  const strange =
    checkpoint.recipe !== card.recipe
      ? `it is one of ${checkpoint.recipe}`
      : parameters !== card.parameters
        ? `its model has ${parameters} parameters, and this run's has ${card.parameters}`
        : other && `its epoch ${other.epoch} is another than this run's`
  if (strange === undefined) return checkpoint
  const message = `${path}: expected a checkpoint of this run (${card.recipe}), but ${strange}. Use an earlier one.`
  throw new GichoError('bad-data', message)
}

/** Newest first. */
async function checkpointFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const own = names.filter((name) => NAME.test(name))
  return own.sort((a, b) => compare(placeOf(b), placeOf(a))).map((name) => join(folder, name))
}

/** Where a training stands, as the name of its checkpoint says. */
interface Place {
  readonly epoch: number
  readonly steps: number
}

function placeOf(path: string): Place {
  const [, epoch, steps] = NAME.exec(basename(path)) ?? []
  return { epoch: Number(epoch), steps: Number(steps) }
}

function compare(a: Place, b: Place): number {
  return a.epoch - b.epoch || a.steps - b.steps
}

function fileName({ epoch, progress }: TrainingState): string {
  return `epoch-${String(epoch).padStart(3, '0')}-step-${String(progress.steps).padStart(5, '0')}.safetensors`
}

/** True at the end of an epoch that no earlier one beats. */
function isBest({ history, progress }: TrainingState): boolean {
  return (
    progress.steps === 0 && history.length > 0 && history.every((epoch) => scoreOf(epoch) <= scoreOf(history.at(-1)))
  )
}

function scoreOf(epoch: TrainingState['history'][number] | undefined): number {
  return epoch?.val_accuracy ?? epoch?.accuracy ?? 0
}
