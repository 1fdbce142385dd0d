import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import hljs from 'highlight.js/lib/core'
import typescript from 'highlight.js/lib/languages/typescript'
import type { Plugin } from 'vite'
import type { CodeFile, LessonText } from '../src/lesson-text.ts'
import { stepCode, stepHelpers } from './step-code.ts'

const MODULE = 'virtual:lesson-texts'

hljs.registerLanguage('typescript', typescript)

/**
 * The module `virtual:lesson-texts`: what stands on the pages before anything is run. It is read out of the recipes while the
 * site is built, so that a page can be read before TensorFlow.js is there.
 */
export function lessonTexts(): Plugin {
  return {
    name: 'lesson-texts',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    load: async (id) =>
      id === `\0${MODULE}` ? `export const lessonTexts = ${JSON.stringify(await readLessonTexts())}` : undefined,
  }
}

/** The texts of all lessons, in the order in which they are taught. */
async function readLessonTexts(): Promise<LessonText[]> {
  const { recipes } = await import('@gicho/recipes')
  const folder = join(dirname(createRequire(import.meta.url).resolve('@gicho/recipes/package.json')), 'src')
  return Promise.all(
    recipes.map(async ({ id, title, summary, dataset, fit, band, reference, steps }) => {
      const source = await readFile(join(folder, `${id}.ts`), 'utf8')
      const code = stepCode(`${id}.ts`, source)
      const helpers = stepHelpers(source)
      return {
        id,
        title,
        summary,
        dataset,
        ...(fit ? { fit } : {}),
        ...(band ? { band } : {}),
        reference,
        steps: await Promise.all(
          steps.map(async (step) => {
            const own = code.get(step.id)
            if (own === undefined) throw new Error(`${id}.ts: step "${step.id}" has no run that can be shown.`)
            const used = [...helpers].filter(([name]) => new RegExp(`\\b${name}\\(`).test(own)).map(([, path]) => path)
            return {
              id: step.id,
              title: step.title,
              prose: step.prose,
              code: highlighted(`${id}.ts`, own),
              helpers: await Promise.all([...new Set(used)].map((path) => helperFile(folder, path))),
            }
          }),
        ),
      }
    }),
  )
}

async function helperFile(folder: string, path: string): Promise<CodeFile> {
  const source = await readFile(join(folder, path), 'utf8')
  return highlighted(path.slice(2), source.replace(/^(import .*\n)+\n?/m, '').trim())
}

function highlighted(file: string, source: string): CodeFile {
  return { file, html: hljs.highlight(source, { language: 'typescript' }).value }
}
