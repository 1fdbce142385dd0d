import { recipes } from '@gicho/recipes'
import { defineCommand, type SubCommandsDef } from 'citty'
import { calledAs } from '../called-as.ts'
import type { Io } from '../io.ts'
import { chooseLanguage } from '../language.ts'
import { jsonOption, languageOption } from '../options.ts'
import { phrases } from '../phrases.ts'
import { bold, dim, writeLine, writeProse } from '../terminal/screen.ts'

const args = { json: jsonOption, lang: languageOption } as const

/** `gicho list`: the recipes, and how to start. */
export const list: SubCommandsDef[string] = defineCommand({
  meta: { name: 'list', description: 'List the recipes' },
  args,
  run({ args: { lang, json }, data }) {
    const { stdout, env, event }: Io = data
    const language = chooseLanguage(lang, env)
    if (json) {
      for (const { id, title, summary, dataset, fit = null } of recipes) {
        event({ event: 'recipe', recipe: id, title, summary, dataset, fit })
      }
      return
    }
    for (const recipe of recipes) {
      const epochs = recipe.fit ? ` ${dim(stdout, `(${recipe.fit.epochs} epochs)`)}` : ''
      writeLine(stdout, `${bold(stdout, recipe.id)}  ${recipe.title[language]}${epochs}`)
      writeProse(stdout, recipe.summary[language])
      writeLine(stdout)
    }
    writeLine(stdout, phrases[language].startWith(`${calledAs()} train ${recipes[0]?.id ?? 'mnist'} --epochs 1`))
  },
})
