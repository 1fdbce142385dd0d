import { type Recipe, TYPICAL_SEED } from '@gicho/core'
import { findRecipe, type Lesson, recipes } from '@gicho/recipes'
import { defineCommand, type SubCommandsDef } from 'citty'
import { datasetNames } from '../data.ts'
import { backendNames, engineNames } from '../engines.ts'
import { explainLesson } from '../explain.ts'
import type { Io } from '../io.ts'
import { chooseLanguage } from '../language.ts'
import { runLesson } from '../lesson-run.ts'
import { chosenOptimizer, optimizerNames } from '../optimizer-option.ts'
import {
  asStoredOption,
  backendOption,
  checkpointOption,
  dataOption,
  jsonOption,
  languageOption,
  limitOption,
  outOption,
  trustOption,
} from '../options.ts'
import { Profile } from '../profile.ts'
import type { TrainOptions } from '../train-options.ts'
import { MOST, oneOf, optionalCount, optionalSeconds, UsageError, unknownName, wholeNumber } from '../usage.ts'

const known = recipes.map((recipe) => recipe.id)

const SEED = String(TYPICAL_SEED)

const args = {
  recipe: { type: 'positional', required: true, description: known.join(', ') },
  epochs: { type: 'string', valueHint: 'n', description: "Passes over the training data (default: the lesson's)" },
  'steps-per-epoch': { type: 'string', valueHint: 'n', description: 'Steps in an epoch (default: one pass)' },
  'batch-size': { type: 'string', valueHint: 'n', description: "Images in a step (default: the lesson's)" },
  optimizer: {
    type: 'string',
    valueHint: optimizerNames.join('|'),
    description: "What changes the weights, with Keras' settings (default: the lesson's, rmsprop)",
  },
  'learning-rate': {
    type: 'string',
    alias: 'lr',
    valueHint: 'x',
    description: "How far a step goes (default: the optimizer's, 0.001; of sgd 0.01)",
  },
  engine: { type: 'string', valueHint: engineNames.join('|'), default: 'auto', description: 'What does the training' },
  backend: backendOption,
  dataset: {
    type: 'string',
    valueHint: 'name',
    description: `Dataset: ${datasetNames.join(', ')} (default: the lesson's)`,
  },
  data: dataOption,
  trust: trustOption,
  seed: {
    type: 'string',
    valueHint: 'n',
    default: SEED,
    description: `Start of every random number (default ${SEED})`,
  },
  limit: limitOption,
  out: outOption,
  threads: { type: 'string', valueHint: 'n', description: 'Threads of the compiled engine (default: the cores)' },
  explain: { type: 'boolean', description: 'Print what the compiled engine makes of a training step, and stop' },
  model: {
    type: 'string',
    valueHint: 'folder',
    description: "Model that asl-deploy opens: a folder or a recipe (default: lesson 4's newest)",
  },
  image: {
    type: 'string',
    valueHint: 'file',
    description: 'Photo that asl-deploy reads, - for standard input (default: a validation picture)',
  },
  'as-stored': asStoredOption,
  profile: { type: 'boolean', description: 'With --engine webgpu: time every kernel, and print a table at the end' },
  'checkpoint-seconds': checkpointOption,
  pictures: { type: 'boolean', description: 'Draw all pictures in text, also into a pipe or a file' },
  json: jsonOption,
  lang: languageOption,
} as const

/** `gicho train RECIPE`: walks a lesson, trains, judges, and keeps the run. */
export const train: SubCommandsDef[string] = defineCommand({
  meta: { name: 'train', description: 'Walk through a lesson and train its network' },
  args,
  async run({ args: given, data }) {
    const io: Io = data
    if (!known.includes(given.recipe)) throw new UsageError(`train: ${unknownName('recipe', given.recipe, known)}`)
    const recipe = findRecipe(given.recipe)
    checkMeant(given, recipe)
    const options: TrainOptions = {
      recipe,
      epochs: optionalCount('--epochs', given.epochs, MOST.epochs) ?? recipe.fit?.epochs ?? 0,
      stepsPerEpoch: optionalCount('--steps-per-epoch', given['steps-per-epoch'], MOST.steps),
      batchSize: optionalCount('--batch-size', given['batch-size'], MOST.batchSize),
      optimizer: chosenOptimizer(given.optimizer, given['learning-rate']),
      engine: oneOf('--engine', given.engine, engineNames),
      backend: oneOf('--backend', given.backend, backendNames),
      dataset: oneOf('--dataset', given.dataset ?? recipe.dataset, datasetNames),
      data: given.data,
      trust: given.trust === true,
      pictures: given.pictures === true,
      model: given.model,
      image: given.image,
      imageOrientation: given['as-stored'] === true ? 'none' : 'from-image',
      checkpointSeconds: optionalSeconds('--checkpoint-seconds', given['checkpoint-seconds']),
      seed: wholeNumber('--seed', given.seed, 0, MOST.seed),
      limit: optionalCount('--limit', given.limit, MOST.images),
      out: given.out,
      threads: optionalCount('--threads', given.threads, MOST.threads),
      json: given.json === true,
      language: chooseLanguage(given.lang, io.env),
    }
    const profile = given.profile === true ? new Profile() : undefined
    if (given.explain === true) await explainLesson(options, io)
    else await runLesson(options, io, profile)
    profile?.write(io, options.json)
  },
})

/** Options that only a lesson that reads a photo takes, and those that only one that trains takes. */
const forPhotos = ['model', 'image', 'as-stored'] as const
const forTraining = [
  ...(['epochs', 'steps-per-epoch', 'batch-size', 'optimizer', 'learning-rate'] as const),
  ...(['checkpoint-seconds', 'profile', 'explain'] as const),
]

/** @throws UsageError for an option that means nothing to this lesson */
function checkMeant(given: Readonly<Record<string, unknown>>, { id, fit }: Pick<Recipe<Lesson>, 'id' | 'fit'>): void {
  const name = (fit ? forPhotos : forTraining).find((option) => given[option] !== undefined && given[option] !== false)
  if (name === undefined) return
  const readers = recipes.filter((recipe) => recipe.fit === undefined).map((recipe) => recipe.id)
  const why = fit ? `${id} reads no photo and opens no model; ${readers.join(', ')} does` : `${id} trains nothing`
  throw new UsageError(`--${name}: means nothing here: ${why}. Leave it out.`)
}
