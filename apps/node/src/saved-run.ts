import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { GichoError, messageOf } from '@gicho/core'

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
  if (await isFile(join(folder, 'run.json'))) return readRun(folder)
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

/**
 * Reads a run's run.json, as far as its format and version; what else is in it is the reader's to check.
 *
 * @throws GichoError `bad-data` for a run.json that isn't one
 */
export async function readRunRecord(folder: string): Promise<Record<string, unknown>> {
  const path = join(folder, 'run.json')
  const card = await parse(path)
  if (card.format !== 'gicho-run' || card.formatVersion !== 1) {
    throw new GichoError(
      'bad-data',
      `${path}: expected "format": "gicho-run" and version 1; this isn't a run's record.`,
    )
  }
  return card
}

async function readRun(folder: string): Promise<FoundModel> {
  const card = await readRunRecord(folder)
  if (typeof card.model !== 'string') {
    throw new GichoError(
      'not-found',
      `${folder}: this run (${String(card.status)}) ended without a saved model. Train again.`,
    )
  }
  const { name, valid } = isRecord(card.dataset) ? card.dataset : {}
  return {
    model: join(folder, card.model),
    ...(typeof name === 'string' ? { dataset: name } : {}),
    ...(typeof valid === 'number' ? { valid } : {}),
  }
}

async function parse(path: string): Promise<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (isRecord(content)) return content
  } catch (error) {
    throw new GichoError('bad-data', `${path}: can't be read as JSON (${messageOf(error)}).`, { cause: error })
  }
  throw new GichoError('bad-data', `${path}: expected a JSON object.`)
}

/** True for a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
