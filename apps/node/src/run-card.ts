import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GichoError, messageOf, type RunCard } from '@gicho/core'

/** A run on disk. */
export interface FoundRun {
  readonly folder: string
  readonly card: RunCard
}

/**
 * Reads the card of the run in a folder. Its fields are those that this version writes; only the format is checked.
 *
 * @throws GichoError `not-found` when there is none, `bad-data` for a run.json that isn't one
 */
export async function readRunCard(folder: string): Promise<RunCard> {
  const path = join(folder, 'run.json')
  const content = await parse(path)
  if (isRunCard(content)) return content
  throw new GichoError('bad-data', `${path}: expected "format": "gicho-run" and version 1; this isn't a run's record.`)
}

/** The newest run of a recipe under `root` that `accepts` takes; undefined where there is none. */
export async function newestRun(
  root: string,
  recipe: string,
  accepts: (card: RunCard) => boolean,
): Promise<FoundRun | undefined> {
  const names = await readdir(join(root, recipe)).catch(() => [])
  const numbers = names.filter((name) => /^\d+$/.test(name)).map(Number)
  for (const number of numbers.sort((a, b) => b - a)) {
    const folder = join(root, recipe, String(number))
    const card = await readRunCard(folder).catch(() => undefined)
    if (card && accepts(card)) return { folder, card }
  }
  return undefined
}

async function parse(path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new GichoError('not-found', `${path}: expected a run's record there (${messageOf(error)}).`, { cause: error })
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new GichoError('bad-data', `${path}: can't be read as JSON (${messageOf(error)}).`, { cause: error })
  }
}

function isRunCard(content: unknown): content is RunCard {
  if (typeof content !== 'object' || content === null) return false
  const { format, formatVersion, recipe, history, dataset } = content as Partial<RunCard>
  const hasFormat = format === 'gicho-run' && formatVersion === 1
  return hasFormat && typeof recipe === 'string' && Array.isArray(history) && typeof dataset === 'object'
}
