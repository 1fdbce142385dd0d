import type { Recipe } from '@gicho/core'
import { GichoError, nearestName } from '@gicho/core'
import { asl } from './asl.ts'
import { aslAugmented } from './asl-augmented.ts'
import { aslCnn } from './asl-cnn.ts'
import { aslDeploy } from './asl-deploy.ts'
import type { Lesson } from './lesson.ts'
import { mnist } from './mnist.ts'

/** Every lesson, in the order in which they are taught. */
export const recipes: readonly Recipe<Lesson>[] = [mnist, asl, aslCnn, aslAugmented, aslDeploy]

/**
 * The recipe of that id.
 *
 * @throws GichoError `not-found`, naming the recipes that exist and the nearest one
 */
export function findRecipe(id: string): Recipe<Lesson> {
  const found = recipes.find((recipe) => recipe.id === id)
  if (found) return found
  const known = recipes.map((recipe) => recipe.id)
  const nearest = nearestName(id, known)
  throw new GichoError(
    'not-found',
    `recipe "${id}": there is none of that name.${nearest ? ` Did you mean "${nearest}"?` : ''} Known: ${known.join(', ')}.`,
  )
}
