import { join } from 'node:path'
import { GichoError } from '@gicho/core'
import { loadModel } from '@gicho/models'
import { type OpenedModel, recipes } from '@gicho/recipes'
import { calledAs } from './called-as.ts'
import { isFile } from './file-kind.ts'
import { findModel } from './find-model.ts'
import { newestRun } from './find-run.ts'

/**
 * The model that a lesson asks for by name: the one that the learner chose, or the newest that any lesson's run has kept under it.
 *
 * @param root folder of all runs
 * @param chosen a run's or a model's folder, or a recipe for its newest finished run
 * @throws GichoError `not-found`, saying which lesson saves it; `bad-data` for a damaged one
 */
export async function openKeptModel(root: string, name: string, chosen: string | undefined): Promise<OpenedModel> {
  const folder = chosen === undefined ? await newestKept(root, name) : (await findModel(chosen, root)).model
  return { ...(await loadModel(folder)), where: folder }
}

async function newestKept(root: string, name: string): Promise<string> {
  const kept: { readonly folder: string; readonly startedAt: string }[] = []
  for (const { id } of recipes) {
    const found = await newestRun(root, id, (card) => card.model === name)
    if (!found) continue
    const folder = join(found.folder, name)
    if (await isFile(join(folder, 'model.json'))) kept.push({ folder, startedAt: found.card.startedAt })
  }
  const [newest] = kept.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
  if (newest) return newest.folder
  throw new GichoError(
    'not-found',
    `${name}: expected a run in ${root} that has saved it, found none. Train lesson 4 first (${calledAs()} train asl-augmented), ` +
      'or name a model: --model FOLDER.',
  )
}
