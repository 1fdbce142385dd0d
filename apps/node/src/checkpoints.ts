/*
 * A run's checkpoints on disk: `checkpoints/epoch-003-step-00412.safetensors`, each there whole or not at all, so that a run that is
 * killed at any moment finds a whole one. The newest few are kept, and the best epoch's as `best.safetensors`: an older one is removed
 * only after a newer one is on the disk to the last byte.
 */
import { link, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Checkpoint,
  fileErrorWords,
  GichoError,
  makeFolder,
  messageOf,
  removeUnfinished,
  replaceFile,
  type TrainingState,
} from '@gicho/core'
import { decodeCheckpoint, encodeCheckpoint } from '@gicho/trainer'

/** Name of the folder within a run's. */
const CHECKPOINTS = 'checkpoints'
const BEST = 'best.safetensors'
const NAME = /^epoch-(\d+)-step-(\d+)\.safetensors$/
const KEEP = 3

/** Writes the checkpoints of one run. */
export class CheckpointWriter {
  readonly #folder: string
  readonly #recipe: string
  #best: number | undefined
  #isClean = false

  /** @param run the run's folder */
  constructor(run: string, recipe: string) {
    this.#folder = join(run, CHECKPOINTS)
    this.#recipe = recipe
  }

  /** Keeps a state, and forgets the oldest. @throws GichoError `io` when it can't be written */
  async save(state: TrainingState): Promise<void> {
    const path = join(this.#folder, fileName(state))
    try {
      await makeFolder(this.#folder)
      if (!this.#isClean) await removeUnfinished(this.#folder)
      this.#isClean = true
      const bytes = encodeCheckpoint({ ...state, recipe: this.#recipe })
      await replaceFile(path, bytes)
      if (isBest(state)) await this.#keepBest(state, path, bytes)
      for (const old of (await checkpointFiles(this.#folder)).slice(KEEP)) await rm(old, { force: true })
    } catch (error) {
      const message = `${path}: the checkpoint can't be written: ${fileErrorWords(error)}. Earlier ones are kept: make room.`
      throw new GichoError('io', message, { cause: error })
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
 * The newest checkpoint of a run that can be read; what is damaged is passed over and told of.
 *
 * @throws GichoError `not-found` when there is none
 */
export async function newestCheckpoint(run: string, onWarning: (message: string) => void): Promise<Checkpoint> {
  for (const path of await checkpointFiles(join(run, CHECKPOINTS))) {
    try {
      return decodeCheckpoint(await readFile(path), path)
    } catch (error) {
      onWarning(messageOf(error))
    }
  }
  throw new GichoError(
    'not-found',
    `${run}: expected a checkpoint in its folder "${CHECKPOINTS}", found none. The run ended before its first: train again.`,
  )
}

/** Newest first. */
async function checkpointFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const places = names.flatMap((name) => {
    const [, epoch, step] = NAME.exec(name) ?? []
    return epoch && step ? [{ name, epoch: Number(epoch), step: Number(step) }] : []
  })
  places.sort((a, b) => b.epoch - a.epoch || b.step - a.step)
  return places.map(({ name }) => join(folder, name))
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
