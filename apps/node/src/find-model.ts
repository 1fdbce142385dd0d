import { join } from 'node:path'
import { GichoError } from '@gicho/core'
import { explainForeignModel } from '@gicho/models'
import { recipes } from '@gicho/recipes'
import { calledAs } from './called-as.ts'
import { isFile } from './file-kind.ts'
import { newestRun } from './find-run.ts'
import { readRunCard } from './run-card.ts'

/** A trained model on disk, and what the run that made it says about its validation. */
export interface FoundModel {
  /** What was named; of a recipe the run that was found. */
  readonly name: string
  /** Folder of the saved model. */
  readonly model: string
  /** Name of the dataset that the run used; undefined for a model without a run. */
  readonly dataset?: string
  /** Images that the run was validated on. */
  readonly valid?: number
}

/**
 * Finds the model that a name means: a run's folder, its run.json, a model's folder or its model.json; or a recipe, which means its
 * newest finished run.
 *
 * @param root folder of all runs
 * @throws GichoError `not-found` when there is neither, `bad-data` for a run.json that isn't one, `unsupported` for a model of another
 *   program
 */
export async function findModel(name: string, root: string): Promise<FoundModel> {
  const folder = name.replace(/[\\/](run|model)\.json$/, '')
  if (await isFile(join(folder, 'run.json'))) return { name, ...(await modelOfRun(folder)) }
  if (await isFile(join(folder, 'model.json'))) return { name, model: folder }
  const foreign = await explainForeignModel(name)
  if (foreign) throw foreign
  const recipe = recipes.find(({ id }) => id === name)
  if (recipe) return newestModel(recipe.id, root, recipe.fit !== undefined)
  const trained = recipes.filter(({ fit }) => fit !== undefined).map(({ id }) => id)
  throw new GichoError(
    'not-found',
    `${name}: expected the folder of a run (with run.json) or of a model (with model.json), or a recipe (${trained.join(', ')}) ` +
      `for its newest finished run, found none of them. A run is made by "${calledAs()} train".`,
  )
}

async function newestModel(recipe: string, root: string, trains: boolean): Promise<FoundModel> {
  const found = await newestRun(root, recipe, ({ status, model }) => status === 'done' && model !== undefined)
  if (found) return { name: found.folder, ...(await modelOfRun(found.folder)) }
  const make = trains ? `Make one with "${calledAs()} train ${recipe}"` : 'This lesson trains nothing: name another'
  throw new GichoError(
    'not-found',
    `${recipe}: expected a finished run of it in ${join(root, recipe)}, found none. ${make}, or name the folder of a run or a model.`,
  )
}

async function modelOfRun(folder: string): Promise<Omit<FoundModel, 'name'>> {
  const { model, status, dataset } = await readRunCard(folder)
  if (model !== undefined) return { model: join(folder, model), dataset: dataset.name, valid: dataset.valid }
  throw new GichoError('not-found', `${folder}: this run (${status}) ended without a saved model. Train again.`)
}
