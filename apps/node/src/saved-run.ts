import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { GichoError } from '@gicho/core'
import { readRunCard } from './run-card.ts'

/** A trained model on disk, and what the run that made it says about its validation. */
export interface FoundModel {
  /** Folder of the saved model. */
  readonly model: string
  /** Name of the dataset that the run used; undefined for a model without a run. */
  readonly dataset?: string
  /** Images that the run was validated on. */
  readonly valid?: number
}

/**
 * Finds the model that a path means: a run's folder, its run.json, a model's folder or its model.json.
 *
 * @throws GichoError `not-found` when there is neither, `bad-data` for a run.json that isn't one
 */
export async function findModel(path: string): Promise<FoundModel> {
  const folder = path.replace(/[\\/](run|model)\.json$/, '')
  if (await isFile(join(folder, 'run.json'))) return modelOfRun(folder)
  if (await isFile(join(folder, 'model.json'))) return { model: folder }
  throw new GichoError(
    'not-found',
    `${path}: expected the folder of a run (with run.json) or of a model (with model.json), found neither. ` +
      'A run is made by "gicho train".',
  )
}

/** True when there is a file of that path. */
export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

async function modelOfRun(folder: string): Promise<FoundModel> {
  const { model, status, dataset } = await readRunCard(folder)
  if (model !== undefined) return { model: join(folder, model), dataset: dataset.name, valid: dataset.valid }
  throw new GichoError('not-found', `${folder}: this run (${status}) ended without a saved model. Train again.`)
}
