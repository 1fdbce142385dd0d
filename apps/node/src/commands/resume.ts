import { dirname, resolve } from 'node:path'
import { checkKnown, GichoError } from '@gicho/core'
import { findRecipe, recipes } from '@gicho/recipes'
import { defineCommand, type SubCommandsDef } from 'citty'
import { newestCheckpoint } from '../checkpoints.ts'
import { datasetNames } from '../data.ts'
import { backendNames, engineNames } from '../engines.ts'
import { findRun } from '../find-run.ts'
import type { Io } from '../io.ts'
import { chooseLanguage } from '../language.ts'
import { runLesson } from '../lesson-run.ts'
import { checkpointOption, jsonOption, languageOption, outOption } from '../options.ts'
import { readRunCard } from '../run-card.ts'
import { writeLine } from '../terminal/screen.ts'
import type { TrainOptions } from '../train-options.ts'
import { MOST, optionalCount, optionalSeconds } from '../usage.ts'

const known = recipes.map((recipe) => recipe.id)

const args = {
  run: { type: 'positional', required: true, description: "a run's folder, or a recipe for its newest run" },
  out: outOption,
  threads: { type: 'string', valueHint: 'n', description: 'Threads of the compiled engine (default: as before)' },
  'checkpoint-seconds': checkpointOption,
  json: jsonOption,
  lang: languageOption,
} as const

/** `gicho resume RUN`: goes on with a run that was interrupted, as if it had never stopped. */
export const resume: SubCommandsDef[string] = defineCommand({
  meta: { name: 'resume', description: 'Go on with a run that was interrupted' },
  args,
  async run({ args: given, data }) {
    const io: Io = data
    const folder = await findRun(given.run, given.out, known)
    const threads = optionalCount('--threads', given.threads, MOST.threads)
    const checkpointSeconds = optionalSeconds('--checkpoint-seconds', given['checkpoint-seconds'])
    const options = await resumedOptions(folder, io, given.lang)
    const changed = { json: given.json === true, checkpointSeconds, ...(threads === undefined ? {} : { threads }) }
    await runLesson({ ...options, ...changed }, io)
  },
})

/**
 * What the run was started with, and where it stands.
 *
 * @throws GichoError `not-found`, `bad-data`, `bad-argument` for a run that is done, `unsupported` for what this version doesn't know
 */
async function resumedOptions(folder: string, io: Io, language: string | undefined): Promise<TrainOptions> {
  const card = await readRunCard(folder)
  if (card.status === 'done') {
    throw new GichoError(
      'bad-argument',
      `${folder}: this run is done: ${card.history.length} of ${card.epochs} epochs. Start another: npx gicho train ${card.recipe}`,
    )
  }
  const { options } = card
  if (!options) throw new GichoError('bad-data', `${folder}: its run.json doesn't say how it was started. Train again.`)
  checkKnown(card, folder)
  const checkpoint = await newestCheckpoint(folder, (message) => writeLine(io.stderr, message))
  const { startedAt, seconds } = card
  return {
    recipe: findRecipe(card.recipe),
    epochs: card.epochs,
    stepsPerEpoch: options.stepsPerEpoch,
    batchSize: card.batchSize,
    optimizer: card.optimizer,
    engine: knownOf(folder, 'engine', options.engine, engineNames),
    backend: knownOf(folder, 'backend', options.backend, backendNames),
    dataset: knownOf(folder, 'dataset', card.dataset.name, datasetNames),
    data: options.data,
    trust: options.trust === true,
    checkpointSeconds: undefined,
    model: undefined,
    image: undefined,
    imageOrientation: 'from-image',
    seed: card.seed,
    limit: options.limit,
    out: dirname(dirname(resolve(folder))),
    threads: options.threads,
    json: false,
    language: chooseLanguage(language ?? options.language, io.env),
    resume: { folder, startedAt, seconds, history: checkpoint.history, checkpoint },
  }
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
