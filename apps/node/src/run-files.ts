import { readdir } from 'node:fs/promises'
import type { Recipe } from '@gicho/core'
import type { Lesson } from '@gicho/recipes'
import type { Language } from './language.ts'
import { showProse } from './show.prose.ts'

/** A file or folder of a run. */
export interface RunFile {
  /** Its name; a folder's ends in a slash. */
  readonly name: string
  /** What it shows, in one phrase; empty for a file that isn't the run's own. */
  readonly shows: string
  /** True for a PNG or SVG that lies in the folder itself: no link. */
  readonly isPicture: boolean
}

const PICTURE = /\.(png|svg)$/

/** What lies in a run's folder: the files of every run in the order of their table, then the steps' pictures, then others. */
export async function listRunFiles(
  folder: string,
  recipe: Recipe<Lesson> | undefined,
  language: Language,
): Promise<RunFile[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort()
  const say = showProse[language]
  const stepOf = (name: string): string | undefined => {
    const step = recipe?.steps.find(({ id }) => name === `${id}.png` || name === `${id}.svg`)
    return step === undefined ? undefined : say.stepPicture(step.title[language])
  }
  const plain = new Set(entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])))
  const fileOf = (name: string, shows: string): RunFile => {
    return { name, shows, isPicture: PICTURE.test(name) && plain.has(name) }
  }
  const own = Object.entries(say.files).flatMap(([name, shows]) => (names.includes(name) ? [fileOf(name, shows)] : []))
  const others = names.filter((name) => !Object.hasOwn(say.files, name))
  const pictures = others.flatMap((name) => {
    const shows = stepOf(name)
    return shows === undefined ? [] : [fileOf(name, shows)]
  })
  const rest = others.filter((name) => stepOf(name) === undefined).map((name) => fileOf(name, ''))
  return [...own, ...pictures, ...rest]
}
