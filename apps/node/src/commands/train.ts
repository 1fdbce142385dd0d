import { TYPICAL_SEED } from '@gicho/core'
import { findRecipe, recipes } from '@gicho/recipes'
import { defineCommand, type SubCommandsDef } from 'citty'
import { datasetNames } from '../data.ts'
import { backendNames, engineNames } from '../engines.ts'
import { explainLesson } from '../explain.ts'
import type { Io } from '../io.ts'
import { chooseLanguage } from '../language.ts'
import { runLesson } from '../lesson-run.ts'
import { chosenOptimizer, optimizerNames } from '../optimizer-option.ts'
import {
  backendOption,
  checkpointOption,
  dataOption,
  jsonOption,
  languageOption,
  limitOption,
  trustOption,
} from '../options.ts'
import { Profile } from '../profile.ts'
import { oneOf, optionalCount, optionalSeconds, UsageError, unknownName, wholeNumber } from '../usage.ts'

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
  out: { type: 'string', valueHint: 'dir', default: 'runs', description: 'Folder of all runs' },
  threads: { type: 'string', valueHint: 'n', description: 'Threads of the compiled engine (default: the cores)' },
  explain: { type: 'boolean', description: 'Print what the compiled engine makes of a training step, and stop' },
  model: {
    type: 'string',
    valueHint: 'folder',
    description: "Model that asl-deploy opens (default: lesson 4's newest)",
  },
  image: {
    type: 'string',
    valueHint: 'file',
    description: 'Photo that asl-deploy reads (default: a validation picture)',
  },
  profile: { type: 'boolean', description: 'With --engine webgpu: time every kernel, and print a table at the end' },
  'checkpoint-seconds': checkpointOption,
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
    const options = {
      recipe,
      epochs: optionalCount('--epochs', given.epochs) ?? recipe.fit?.epochs ?? 0,
      stepsPerEpoch: optionalCount('--steps-per-epoch', given['steps-per-epoch']),
      batchSize: optionalCount('--batch-size', given['batch-size']),
      optimizer: chosenOptimizer(given.optimizer, given['learning-rate']),
      engine: oneOf('--engine', given.engine, engineNames),
      backend: oneOf('--backend', given.backend, backendNames),
      dataset: oneOf('--dataset', given.dataset ?? recipe.dataset, datasetNames),
      data: given.data,
      trust: given.trust === true,
      model: given.model,
      image: given.image,
      checkpointSeconds: optionalSeconds('--checkpoint-seconds', given['checkpoint-seconds']),
      seed: wholeNumber('--seed', given.seed, 0, 0xffffffff),
      limit: optionalCount('--limit', given.limit),
      out: given.out,
      threads: optionalCount('--threads', given.threads),
      json: given.json === true,
      language: chooseLanguage(given.lang, io.env),
    }
    const profile = given.profile === true ? new Profile() : undefined
    if (given.explain === true) await explainLesson(options, io)
    else await runLesson(options, io, profile)
    profile?.write(io, options.json)
  },
})
