import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { GichoError, type RunCard } from '@gicho/core'
import { explainForeignModel } from '@gicho/models'
import { calledAs } from './called-as.ts'
import { isFile } from './file-kind.ts'
import { readRunCard } from './run-card.ts'

/**
 * The folder of the run that is meant: a run's folder, its run.json, or a recipe, which means its newest run.
 *
 * @param root folder of all runs
 * @param recipes ids of the recipes that there are, for the message
 * @throws GichoError `not-found` when there is no such run
 */
export async function findRun(run: string, root: string, recipes: readonly string[]): Promise<string> {
  const folder = run.replace(/[\\/]run\.json$/, '')
  if (await isFile(join(folder, 'run.json'))) return folder
  const [newest] = /[\\/]/.test(run) ? [] : await runFolders(join(root, run))
  if (newest !== undefined) return newest
  const foreign = await explainForeignModel(run)
  if (foreign) throw foreign
  if (recipes.includes(run)) {
    const what = `there is no run of it in ${join(root, run)}`
    throw new GichoError(
      'not-found',
      `${run}: ${what}. Make one with "${calledAs()} train ${run}", or name its folder with --out.`,
    )
  }
  throw new GichoError(
    'not-found',
    `${run}: expected a run's folder (with run.json) or a recipe (${recipes.join(', ')}), found neither. ` +
      `A run is made by "${calledAs()} train".`,
  )
}

/** A run on disk. */
export interface FoundRun {
  readonly folder: string
  readonly card: RunCard
}

/** The newest run of a recipe whose card can be read and `accepts` takes; undefined where there is none. */
export async function newestRun(
  root: string,
  recipe: string,
  accepts: (card: RunCard) => boolean,
): Promise<FoundRun | undefined> {
  for (const folder of await runFolders(join(root, recipe))) {
    const card = await readRunCard(folder).catch(() => undefined)
    if (card && accepts(card)) return { folder, card }
  }
  return undefined
}

/** The runs in a recipe's folder, those of the largest number first. */
async function runFolders(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => [])
  const numbers = names.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a))
  const folders: string[] = []
  for (const number of numbers) {
    const folder = join(parent, number)
    if (await isFile(join(folder, 'run.json'))) folders.push(folder)
  }
  return folders
}
