import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { recipes } from './find-recipe.ts'

test.each(recipes)('every text of $id is there in English and in Korean, paragraph by paragraph', (recipe) => {
  const texts = [recipe.title, recipe.summary, ...recipe.steps.flatMap((step) => [step.title, step.prose])]
  for (const text of texts) {
    expect(text.en).toMatch(/[A-Za-z]{2}/)
    expect(text.en).not.toMatch(/\p{Script=Hangul}/u)
    expect(text.ko).toMatch(/\p{Script=Hangul}/u)
    expect(text.ko.split('\n\n'), text.en).toHaveLength(text.en.split('\n\n').length)
  }
})

test('every recipe has its script, its prose and its tests in files of its name', async () => {
  const files = await readdir(new URL('.', import.meta.url))
  for (const { id } of recipes) {
    expect(files).toEqual(expect.arrayContaining([`${id}.ts`, `${id}.prose.ts`, `${id}.test.ts`]))
  }
})
