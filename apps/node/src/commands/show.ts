import { resolve } from 'node:path'
import { type EpochLogs, type History, type Recipe, type RunCard, range } from '@gicho/core'
import { describeOptimizer, type Lesson, recipes } from '@gicho/recipes'
import { defineCommand, type SubCommandsDef } from 'citty'
import { findRun } from '../find-run.ts'
import type { Io } from '../io.ts'
import { chooseLanguage, type Language } from '../language.ts'
import { openFile } from '../open-file.ts'
import { jsonOption, languageOption, outOption } from '../options.ts'
import { phrases } from '../phrases.ts'
import { readRunCard } from '../run-card.ts'
import { listRunFiles, type RunFile } from '../run-files.ts'
import { showProse } from '../show.prose.ts'
import { oneLine } from '../terminal/printable.ts'
import { formatSeconds } from '../terminal/progress.ts'
import { bold, type Screen, writeLine, writePairs } from '../terminal/screen.ts'
import { sparkline } from '../terminal/sparkline.ts'
import { drawOutput } from '../terminal/step-output.ts'
import { UsageError, unknownName } from '../usage.ts'

const args = {
  run: { type: 'positional', required: true, description: "a run's folder, or a recipe for its newest run" },
  open: { type: 'string', valueHint: 'name', description: 'Open one of the files: curves, confusion, mistakes …' },
  out: outOption,
  json: jsonOption,
  lang: languageOption,
} as const

/** `gicho show RUN`: a run's card in words, its epochs beside the course's, and what lies in its folder. */
export const show: SubCommandsDef[string] = defineCommand({
  meta: { name: 'show', description: 'Show a run: its card, its curve, its files' },
  args,
  async run({ args: given, data }) {
    const io: Io = data
    const language = chooseLanguage(given.lang, io.env)
    const folder = await findRun(
      given.run,
      given.out,
      recipes.map(({ id }) => id),
    )
    const card = await readRunCard(folder)
    const recipe = recipes.find(({ id }) => id === card.recipe)
    const files = await listRunFiles(folder, recipe, language)
    const opened = given.open === undefined ? undefined : fileOf(given.open, files)
    if (given.json) io.event({ event: 'run', folder, files: files.map(({ name }) => name), ...card })
    else showRun(io.stdout, { folder, card, recipe, files, language })
    if (opened !== undefined) await openFile(resolve(folder, opened))
  },
})

interface ShownRun {
  readonly folder: string
  readonly card: RunCard
  readonly recipe: Recipe<Lesson> | undefined
  readonly files: readonly RunFile[]
  readonly language: Language
}

function showRun(page: Screen, { folder, card, recipe, files, language }: ShownRun): void {
  const title = recipe ? `  ${recipe.title[language]}` : ''
  writeLine(page, `${bold(page, oneLine(folder))}${title}`)
  writeLine(page)
  writePairs(page, cardPairs(card, language))
  writeLine(page)
  if (card.history.length > 0) showHistory(page, card.history, recipe?.reference ?? [], language)
  else writeLine(page, showProse[language].noEpochs)
  writeLine(page)
  writePairs(
    page,
    files.map(({ name, shows }) => [name, shows] as const),
  )
}

function cardPairs(card: RunCard, language: Language): (readonly [string, string])[] {
  const say = showProse[language]
  const { names } = say
  const { dataset, history } = card
  const startedAt = card.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')
  return [
    [names.recipe, card.recipe],
    [names.data, `${dataset.name} (${dataset.source})`],
    ['', say.images(dataset.train, dataset.valid)],
    [names.model, say.parameters(card.parameters)],
    [names.engine, say.engine(card.engine, card.device)],
    ...(card.optimizer ? [[names.optimizer, describeOptimizer(card.optimizer)] as const] : []),
    [names.seed, say.seed(card.seed, card.batchSize)],
    [names.epochs, say.epochs(history.length, card.epochs)],
    ['val_accuracy', bestAndLast(history, language)],
    [names.time, say.time(formatSeconds(card.seconds), startedAt)],
    [names.status, say.status[card.status]],
  ]
}

function bestAndLast(history: History, language: Language): string {
  const measured = history.flatMap(({ epoch, val_accuracy: value = Number.NaN }) =>
    Number.isFinite(value) ? [{ epoch, value }] : [],
  )
  const last = measured.at(-1)
  if (last === undefined) return showProse[language].notMeasured
  const best = measured.reduce((highest, each) => (each.value > highest.value ? each : highest))
  return showProse[language].best(best.value.toFixed(4), best.epoch, last.value.toFixed(4))
}

/** The epochs as a table, and the accuracies as bars on one scale. */
function showHistory(page: Screen, history: History, reference: readonly EpochLogs[], language: Language): void {
  drawOutput(page, { kind: 'history', history, reference }, language)
  writeLine(page)
  const lines = [
    ['accuracy', history.map(({ accuracy }) => accuracy ?? Number.NaN)],
    ['val_accuracy', history.map(({ val_accuracy }) => val_accuracy ?? Number.NaN)],
    [`(${phrases[language].course})`, history.map(({ epoch }) => reference[epoch - 1]?.val_accuracy ?? Number.NaN)],
  ] as const
  const bars = lines.filter(([, line]) => line.some(Number.isFinite))
  if (bars.length === 0) return
  const values = bars.flatMap(([, line]) => line).filter(Number.isFinite)
  const { min: low, max: high } = range(values)
  const width = Math.max(10, page.width - 40)
  writePairs(
    page,
    bars.map(([name, line]) => [name, `${sparkline(line, low, high, width)}  ${ends(line)}`] as const),
  )
}

/** The first and the last value that is there. */
function ends(line: readonly number[]): string {
  const digits = line.filter(Number.isFinite).map((value) => value.toFixed(4))
  const [first = '', last = ''] = [digits[0], digits.at(-1)]
  return digits.length === 1 ? first : `${first} → ${last}`
}

/**
 * The picture that a name means, with or without its ending. A run's folder may come from anybody: other files are not opened, as the
 * system might run them.
 */
function fileOf(name: string, files: readonly RunFile[]): string {
  const known = files.filter(({ isPicture }) => isPicture).map((file) => file.name)
  const found = known.find((file) => file === name) ?? known.find((file) => file.replace(/\.\w+$/, '') === name)
  if (found !== undefined) return found
  if (files.some((file) => file.name === name)) {
    throw new UsageError(`--open: "${name}" is no picture of this run, and only those are opened: ${known.join(', ')}.`)
  }
  throw new UsageError(`--open: ${unknownName('picture', name, known)}`)
}
