import { expect, test } from 'vitest'
import { findRecipe, recipes } from './find-recipe.ts'

test('a recipe is found by its id', () => {
  expect(recipes.map(({ id }) => id)).toEqual(['mnist', 'asl', 'asl-cnn', 'asl-augmented', 'asl-deploy'])
  for (const recipe of recipes) expect(findRecipe(recipe.id)).toBe(recipe)
})

test('an unknown recipe names the nearest and all known ones', () => {
  expect(() => findRecipe('mnsit')).toThrow(
    'recipe "mnsit": there is none of that name. Did you mean "mnist"? Known: mnist, asl, asl-cnn, asl-augmented, asl-deploy.',
  )
  expect(() => findRecipe('resnet')).toThrow(
    'recipe "resnet": there is none of that name. Known: mnist, asl, asl-cnn, asl-augmented, asl-deploy.',
  )
})
