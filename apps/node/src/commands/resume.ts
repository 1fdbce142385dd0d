import { dirname, resolve } from 'node:path'
import { checkKnown, GichoError, type RunCard } from '@gicho/core'
import { findRecipe, recipes } from '@gicho/recipes'
import { defineCommand, type SubCommandsDef } from 'citty'
import { calledAs } from '../called-as.ts'
import { newestCheckpoint } from '../checkpoints.ts'
import { datasetNames } from '../data.ts'
import { backendNames, engineNames } from '../engines.ts'
import { findRun } from '../find-run.ts'
import type { Io } from '../io.ts'
import { chooseLanguage } from '../language.ts'
import { runLesson } from '../lesson-run.ts'
import { checkpointOption, dataOption, jsonOption, languageOption, outOption, trustOption } from '../options.ts'
import { resumeCommand, type SaidAgain } from '../resume-command.ts'
import { readRunCard } from '../run-card.ts'
import { writeLine } from '../terminal/screen.ts'
import type { TrainOptions } from '../train-options.ts'
import { MOST, optionalCount, optionalSeconds, UsageError } from '../usage.ts'

const known = recipes.map((recipe) => recipe.id)

const args = {
  run: { type: 'positional', required: true, description: "a run's folder, or a recipe for its newest run" },
  out: outOption,
  epochs: {
    type: 'string',
    valueHint: 'n',
    description: 'Epochs in all, those that are done among them (default: as before)',
  },
  data: dataOption,
  trust: trustOption,
  threads: { type: 'string', valueHint: 'n', description: 'Threads of the compiled engine (default: as before)' },
  'checkpoint-seconds': checkpointOption,
  json: jsonOption,
  lang: languageOption,
} as const

/** `gicho resume RUN`: goes on with a run that was interrupted, as if it had never stopped. */
export const resume: SubCommandsDef[string] = defineCommand({
  meta: { name: 'resume', description: 'Go on with a run that was interrupted, or for more epochs' },
  args,
  async run({ args: given, data }) {
    const io: Io = data
    const threads = optionalCount('--threads', given.threads, MOST.threads)
    const checkpointSeconds = optionalSeconds('--checkpoint-seconds', given['checkpoint-seconds'])
    const epochs = optionalCount('--epochs', given.epochs, MOST.epochs)
    const folder = await findRun(given.run, given.out, known)
    const said = { data: given.data, trust: given.trust === true, language: given.lang }
    const options = await resumedOptions(folder, { epochs, ...said }, io)
    const changed = { json: given.json === true, checkpointSeconds, ...(threads === undefined ? {} : { threads }) }
    await runLesson({ ...options, ...changed }, io)
  },
})

interface SaidOnResuming extends SaidAgain {
  /** In all, those that are done among them. */
  readonly epochs: number | undefined
  readonly language: string | undefined
}

/**
 * What the run was started with, and where it stands. A run.json may come from anybody: of what it says, no path is read and no data
 * is trusted unless the command line says so, too.
 *
 * @throws GichoError `not-found`, `bad-data`, `bad-argument` for a run that is done or whose data must be named, `unsupported` for what
 *   this version doesn't know
 */
async function resumedOptions(folder: string, said: SaidOnResuming, io: Io): Promise<TrainOptions> {
  const card = await readRunCard(folder)
  const { options, startedAt, seconds, dataset } = card
  const epochs = epochsOf(card, folder, said.epochs)
  if (!options) throw new GichoError('bad-data', `${folder}: its run.json doesn't say how it was started. Train again.`)
  checkKnown(card, folder)
  checkData(options.data, folder, said)
  const checkpoint = await newestCheckpoint(folder, card, (message) => writeLine(io.stderr, message))
  if (checkpoint === undefined) checkNothingToLose(card, folder)
  return {
    recipe: findRecipe(card.recipe),
    epochs,
    stepsPerEpoch: options.stepsPerEpoch,
    batchSize: card.batchSize,
    optimizer: card.optimizer,
    engine: knownOf(folder, 'engine', options.engine, engineNames),
    backend: knownOf(folder, 'backend', options.backend, backendNames),
    dataset: knownOf(folder, 'dataset', dataset.name, datasetNames),
    data: said.data,
    trust: said.trust === true,
    checkpointSeconds: undefined,
    model: undefined,
    image: undefined,
    imageOrientation: 'from-image',
    seed: card.seed,
    limit: options.limit,
    out: dirname(dirname(resolve(folder))),
    threads: options.threads,
    json: false,
    language: chooseLanguage(said.language ?? options.language, io.env),
    resume: { folder, startedAt, seconds, dataset, history: checkpoint?.history ?? [], checkpoint },
  }
}

/** How many epochs the run will have in all. @throws GichoError `bad-argument` when none is left; UsageError for fewer than are done */
function epochsOf({ status, history, epochs, recipe }: RunCard, folder: string, asked: number | undefined): number {
  const done = history.length
  if (asked !== undefined && (asked < done || (asked === done && status === 'done'))) {
    throw new UsageError(`--epochs: expected more than the ${done} epochs that ${folder} has done, got ${asked}.`)
  }
  if (status !== 'done' || asked !== undefined) return asked ?? epochs
  throw new GichoError(
    'bad-argument',
    `${folder}: this run is done: ${done} of ${epochs} epochs. Train it for more: ${resumeCommand(folder)} --epochs ${done + epochs}. ` +
      `Or start another: ${calledAs()} train ${recipe}`,
  )
}

/** @throws GichoError `bad-argument` where the data must be named by who goes on with the run */
function checkData(path: string | undefined, folder: string, { data }: SaidAgain): void {
  if (path === undefined || data !== undefined) return
  throw new GichoError(
    'bad-argument',
    `${folder}: its run.json says that its data came from ${path}, and a run.json may be anybody's. ` +
      `If that is where your data is, say so: ${resumeCommand(folder)} --data PATH`,
  )
}

/**
 * A run that ended with its first epoch loses nothing by beginning anew, since it comes to the same bits: its disk was full, say, when
 * its first checkpoint was to be written.
 *
 * @throws GichoError `not-found` for a run without checkpoints whose longer trained model would be replaced by one that begins anew
 */
function checkNothingToLose({ status, model, recipe, history }: RunCard, folder: string): void {
  if (status !== 'done' && (model === undefined || history.length <= 1)) return
  const message = `${folder}: expected a checkpoint in its folder "checkpoints", found none. It keeps its model; train another: ${calledAs()} train ${recipe}`
  throw new GichoError('not-found', message)
}

/** A name in a card. @throws GichoError `unsupported` for one that this version doesn't know */
function knownOf<Name extends string>(folder: string, what: string, value: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === value)
  if (found !== undefined) return found
  throw new GichoError(
    'unsupported',
    `${folder}: expected a run with ${what} ${known.join(', ')}, got "${value}". Go on with it where it was made.`,
  )
}
