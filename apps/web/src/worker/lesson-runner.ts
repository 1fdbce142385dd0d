import {
  GichoError,
  isGichoError,
  optimizers,
  type RecipeStep,
  type RunCard,
  type StepOutput,
  type Text,
} from '@gicho/core'
import { findRecipe, type Lesson, type LessonContext, type OpenedModel, type Photo, startLesson } from '@gicho/recipes'
import { failureOf } from '../remote/serve.ts'
import { changesLesson, type Settings } from '../settings.ts'
import type { DataShelf } from './data-shelf.ts'
import { chooseEngine } from './engines.ts'
import { RunRecorder } from './keeping/run-recorder.ts'
import type { RunPlace, RunStore } from './keeping/run-store.ts'
import type { OnLost } from './lasting-engine.ts'
import type { News } from './news.ts'
import { portableOutput } from './portable-output.ts'
import { Training } from './training.ts'
import { alone, underWay } from './under-way.ts'
import { versions } from './versions.ts'

/** What is to be run of a lesson. */
export interface RunRequest {
  readonly recipe: string
  /** Steps are run up to this one. */
  readonly step: string
  readonly settings: Settings
  readonly language: string
  /** True starts the lesson from its first step. */
  readonly fresh: boolean
  /** A run that was interrupted. */
  readonly resume?: RunPlace
}

/** What lessons are run with. */
export interface RunnerParts {
  readonly shelf: DataShelf
  readonly store: RunStore
  readonly tell: (news: News) => void
  openModel(name: string): Promise<OpenedModel>
  photo(lesson: Lesson): Promise<Photo>
}

/** How often a training's state is kept: a tab that is closed loses no more than this. */
const CHECKPOINT_SECONDS = 5

/** Walks one recipe's steps for the page, and keeps its trainings. */
export class LessonRunner {
  readonly #parts: RunnerParts
  readonly #recipe: string
  #lesson: Lesson | undefined
  #settings: Settings | undefined
  #done = new Set<string>()
  #training: Training | undefined
  #recorder: RunRecorder | undefined
  #dataset = ''
  #last: Promise<unknown> = Promise.resolve()

  constructor(recipe: string, parts: RunnerParts) {
    this.#recipe = recipe
    this.#parts = parts
  }

  /** The training under way. */
  get training(): Training | undefined {
    return this.#training
  }

  /** The lesson so far. */
  get lesson(): Lesson | undefined {
    return this.#lesson
  }

  /**
   * Runs steps up to the one that is asked for: those that were run already stay as they are, except the last. A training
   * starts the lesson anew.
   *
   * @throws GichoError what the step throws; `unavailable` when another tab trains
   */
  async run(request: RunRequest): Promise<void> {
    if (this.#training) throw new GichoError('bad-argument', 'This lesson is training. Stop it first.')
    return this.#inTurn(async () => {
      const { recipe, step: last, fresh } = request
      const ids = findRecipe(recipe).steps.map(({ id }) => id)
      const trainAt = ids.indexOf('train')
      const trains = trainAt >= 0 && trainAt <= ids.indexOf(last) && (fresh || !this.#done.has('train'))
      await (trains ? alone(() => this.#walk(request, new Training())) : this.#walk(request))
    })
  }

  /** A step and those after it have to be run again: what they read has changed. */
  async forget(step: string): Promise<void> {
    return this.#inTurn(async () => {
      const ids = findRecipe(this.#recipe).steps.map(({ id }) => id)
      const from = ids.indexOf(step)
      for (const id of ids.slice(from)) this.#done.delete(id)
      if (from > 0) return
      this.#lesson?.model?.dispose()
      this.#lesson = undefined // it holds the data
    })
  }

  /** Steps share what they have made: one call at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }

  async #walk(request: RunRequest, training?: Training): Promise<void> {
    const { step: last, settings, fresh } = request
    this.#training = training
    try {
      if (training || fresh || !this.#lesson || changesLesson(settings, this.#settings)) await this.#begin(request)
      const lesson = this.#lesson
      for (const step of lesson?.recipe.steps ?? []) {
        if (lesson && (step.id === last || !this.#done.has(step.id))) await this.#runStep(lesson, step, request)
        if (step.id === last) return
      }
    } finally {
      this.#training = undefined
    }
  }

  async #runStep(lesson: Lesson, step: RecipeStep<Lesson>, request: RunRequest): Promise<void> {
    const recipe = this.#recipe
    this.#parts.tell({ kind: 'step', recipe, step: step.id })
    const began = performance.now()
    const outputs = step.id === 'train' ? await this.#train(lesson, step, request) : await step.run(lesson)
    this.#done.add(step.id)
    const milliseconds = performance.now() - began
    const prose = proseOf(lesson)
    this.#parts.tell({
      kind: 'output',
      recipe,
      step: step.id,
      outputs: outputs.map(portableOutput),
      milliseconds,
      prose,
    })
  }

  async #begin({ settings, resume }: RunRequest): Promise<void> {
    const { store, shelf, tell } = this.#parts
    const resumeFrom = resume
      ? await store.checkpoint(resume, undefined, (error) =>
          tell({ kind: 'warning', about: 'checkpoint', failure: failureOf(error) }),
        )
      : undefined
    this.#lesson?.model?.dispose()
    this.#done = new Set()
    this.#recorder = undefined
    this.#settings = settings
    const recipe = findRecipe(this.#recipe)
    const loaded = await shelf.load(recipe.dataset, settings.limit)
    this.#dataset = loaded.name
    // A lesson without a training asks a model, and needs an engine all along.
    const onLost: OnLost = (error, goesOn, isSame) => {
      tell({ kind: 'warning', about: isSame ? 'newDevice' : 'otherDevice', failure: failureOf(error) })
      if (!isSame) void this.#recorder?.goesOnWith(goesOn.name)
    }
    const engine = this.#training
      ? await this.#training.engine(settings, onLost)
      : recipe.fit
        ? undefined
        : await chooseEngine(settings.engine, onLost)
    const lesson: Lesson = startLesson(recipe, {
      ...this.#context(settings, () => lesson),
      load: async () => loaded,
      ...(engine ? { engine } : {}),
      ...(this.#training ? { signal: this.#training.signal } : {}),
      ...(resumeFrom ? { resumeFrom } : {}),
    })
    this.#lesson = lesson
  }

  #context(settings: Settings, lesson: () => Lesson): Omit<LessonContext, 'load'> {
    const { openModel, photo, store, tell } = this.#parts
    const recipe = this.#recipe
    let stepsPerEpoch = 1
    let starting: Promise<void> | undefined
    const { seed, epochs, batchSize, optimizer, learningRate } = settings
    return {
      seed,
      epochs,
      batchSize,
      optimizer: optimizers[optimizer]({ learningRate }),
      checkpointSeconds: CHECKPOINT_SECONDS,
      saveModel: async (name, saved) => (await this.#recorder?.saveModel(name, saved)) ?? name,
      openModel,
      photo: () => photo(lesson()),
      earlierRun: async (other) => {
        const images = lesson().train?.length
        const fits = ({ status, dataset }: RunCard): boolean =>
          status === 'done' && dataset.name === this.#dataset && dataset.train === images
        return (await store.list()).find((run) => run.recipe === other && fits(run.card))?.card.history
      },
      onCheckpoint: async (state) => {
        await starting
        if (this.#training) await this.#recorder?.checkpoint(this.#training.stateWithoutPauses(state))
      },
      onStart: (run) => {
        const number = this.#recorder?.place.number ?? 0
        starting = this.#recorder?.start(run, lesson().train?.source ?? this.#dataset)
        void starting?.then(() => tell({ kind: 'kept', recipe }))
        tell({ kind: 'start', recipe, run, number })
      },
      onProgress: (progress) => {
        stepsPerEpoch = progress.stepsPerEpoch
        tell({ kind: 'progress', recipe, progress })
      },
      onEpoch: async (record) => {
        await starting
        const clean = this.#training?.withoutPauses(record, stepsPerEpoch) ?? record
        await this.#recorder?.epoch(clean)
        tell({ kind: 'epoch', recipe, record: clean })
      },
    }
  }

  async #train(lesson: Lesson, step: RecipeStep<Lesson>, request: RunRequest): Promise<readonly StepOutput[]> {
    this.#recorder = await this.#newRecorder(request)
    return underWay(this.#recorder.place, () => this.#trainRun(lesson, step))
  }

  async #trainRun(lesson: Lesson, step: RecipeStep<Lesson>): Promise<readonly StepOutput[]> {
    try {
      const outputs = await step.run(lesson)
      await this.#finish(this.#training?.signal.aborted ? 'interrupted' : 'done', lesson)
      return outputs
    } catch (error) {
      // What the machine broke off, and not the training itself, can go on from its newest state.
      const isMachine = isGichoError(error, 'engine-failed') || isGichoError(error, 'out-of-memory')
      await this.#finish(isMachine ? 'interrupted' : 'failed', lesson)
      throw error
    }
  }

  async #newRecorder({ settings, language, resume }: RunRequest): Promise<RunRecorder> {
    const { store, tell } = this.#parts
    const onTrouble = (error: unknown): void => tell({ kind: 'warning', about: 'storage', failure: failureOf(error) })
    const plan = { settings, dataset: this.#dataset, versions: versions(), language }
    if (!resume) return new RunRecorder(store, await store.newPlace(this.#recipe), plan, onTrouble)
    const run = await store.find(resume)
    const { history } = await store.checkpoint(resume)
    const earlier = { ...run, card: { ...run.card, history } }
    return new RunRecorder(store, resume, { ...plan, earlier }, onTrouble)
  }

  async #finish(status: RunCard['status'], { model, fitResult, compile, input, train }: Lesson): Promise<void> {
    const recorder = this.#recorder
    if (!recorder?.card) return
    const hasLearned = fitResult !== undefined || recorder.card.history.length > 0
    if (hasLearned && model && compile && input && train) {
      const state = fitResult ? { optimizerState: fitResult.optimizerState } : {}
      await recorder.saveModel('model', { model, classNames: train.classNames, input, compile, ...state })
    }
    await recorder.finish(status)
  }
}

/** What the lesson's steps say of its data and settings. */
function proseOf(lesson: Lesson): Readonly<Record<string, Text>> {
  return Object.fromEntries(
    lesson.recipe.steps.flatMap(({ id, proseOf }) => (proseOf && lesson.train ? [[id, proseOf(lesson)]] : [])),
  )
}
