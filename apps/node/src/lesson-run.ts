import { join, resolve } from 'node:path'
import {
  type Checkpoint,
  type Engine,
  GichoError,
  type History,
  type Issue,
  messageOf,
  type Recipe,
  type RecipeContext,
  type RunCard,
  type RunStart,
  type StepOutput,
} from '@gicho/core'
import { type Lesson, startLesson } from '@gicho/recipes'
import { type DatasetName, loadData, offerMnist } from './data.ts'
import { type BackendName, chooseEngine, type EngineName } from './engines.ts'
import { newestRun } from './find-run.ts'
import { type Interrupt, watchInterrupt } from './interrupt.ts'
import type { Io } from './io.ts'
import type { Language } from './language.ts'
import { phrases } from './phrases.ts'
import type { Profile } from './profile.ts'
import { picturesProse } from './run-pictures.prose.ts'
import { type DrawnRun, drawCurves, drawPictures, drawRun } from './run-pictures.ts'
import { type EarlierPart, type RunPlan, RunRecord } from './run-record.ts'
import { ProgressBar } from './terminal/progress.ts'
import { bold, cyan, dim, type Screen, writeLine, writeProse } from './terminal/screen.ts'
import { drawOutput } from './terminal/step-output.ts'

/** Everything that `gicho train` was told, checked. */
export interface TrainOptions {
  readonly recipe: Recipe<Lesson>
  readonly epochs: number
  readonly stepsPerEpoch: number | undefined
  readonly engine: EngineName
  readonly backend: BackendName
  readonly dataset: DatasetName
  readonly data: string | undefined
  readonly seed: number
  readonly limit: number | undefined
  readonly out: string
  readonly threads: number | undefined
  readonly json: boolean
  readonly language: Language
  readonly trust: boolean
  readonly checkpointSeconds: number | undefined
  /** Goes on with a run that was interrupted. */
  readonly resume?: Resumption
}

/** A run that goes on: its folder, its record so far, and where its training stands. */
export interface Resumption extends EarlierPart {
  readonly checkpoint: Checkpoint
}

/**
 * Walks a recipe's steps on the screen and keeps the run on disk.
 *
 * @param profile takes in what the GPU's kernels take
 * @throws GichoError `aborted` after an interrupt, when what was done is saved; whatever a step throws otherwise
 */
export async function runLesson(options: TrainOptions, io: Io, profile?: Profile): Promise<void> {
  const { engine: name, backend, threads, language } = options
  const page = options.json ? io.stderr : io.stdout
  const onFallback = (issues: readonly Issue[]): void => writeProse(page, phrases[language].fallback(issues))
  const onSoftware = (device: string): void => writeProse(page, phrases[language].softwareGpu(device))
  const engine = await chooseEngine({
    engine: name,
    backend,
    threads,
    onFallback,
    onSoftware,
    onLost: (_, goesOn) => writeProse(page, phrases[language].lostGpu(goesOn)),
    ...(profile ? { onProfile: (times) => profile.add(times) } : {}),
  })
  const plan = planOf(options)
  const { resume } = options
  const record = resume ? RunRecord.reopen(plan, resume) : await RunRecord.create(plan)
  await new LessonRun(options, io, engine, record).run()
}

function planOf(options: TrainOptions): RunPlan {
  const { recipe, epochs, dataset, seed, out, engine, backend, threads, stepsPerEpoch, limit, data, trust, language } =
    options
  return {
    root: out,
    recipe: recipe.id,
    dataset,
    seed,
    epochs,
    batchSize: recipe.fit?.batchSize ?? 1,
    options: {
      engine,
      backend,
      language,
      ...(threads === undefined ? {} : { threads }),
      ...(stepsPerEpoch === undefined ? {} : { stepsPerEpoch }),
      ...(limit === undefined ? {} : { limit }),
      ...(data === undefined ? {} : { data: resolve(data) }),
      ...(trust ? { trust } : {}),
    },
  }
}

class LessonRun {
  readonly #options: TrainOptions
  readonly #io: Io
  readonly #engine: Engine
  /** Prose and progress; standard output belongs to the events with `--json`. */
  readonly #page: Screen
  readonly #bar: ProgressBar
  readonly #record: RunRecord

  constructor(options: TrainOptions, io: Io, engine: Engine, record: RunRecord) {
    this.#options = options
    this.#io = io
    this.#engine = engine
    this.#page = options.json ? io.stderr : io.stdout
    this.#bar = new ProgressBar(this.#page, phrases[options.language], options.epochs)
    this.#record = record
  }

  async run(): Promise<void> {
    const { recipe, language } = this.#options
    const interrupt = watchInterrupt(() => {
      this.#bar.close()
      writeLine(this.#io.stderr, phrases[language].stopping)
    })
    const lesson: Lesson = startLesson(
      recipe,
      this.#context(interrupt, () => lesson),
    )
    try {
      await this.#walk(lesson, interrupt.signal)
      await this.#drawing(() => drawRun(this.#drawn(lesson.fitResult?.history ?? []), lesson, this.#engine))
      this.#done(await this.#record.finish('done', lesson))
    } catch (error) {
      this.#bar.close()
      const stopped = interrupt.signal.aborted
      const card = await this.#record.finish(stopped ? 'interrupted' : 'failed', lesson)
      if (card) await this.#drawing(() => drawCurves(this.#drawn(card.history)))
      throw stopped ? this.#interrupted(card) : error
    } finally {
      interrupt.dispose()
    }
  }

  #context(interrupt: Interrupt, lesson: () => Lesson): RecipeContext {
    const { recipe, epochs, stepsPerEpoch, seed, data, limit, trust, dataset, language, resume, checkpointSeconds } =
      this.#options
    return {
      engine: this.#engine,
      epochs,
      seed,
      ...(stepsPerEpoch === undefined ? {} : { stepsPerEpoch }),
      signal: interrupt.signal,
      ...(resume ? { resumeFrom: resume.checkpoint } : {}),
      ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
      onCheckpoint: (state) => this.#record.checkpoint(state),
      earlierRun: (id) => this.#earlierRun(id, lesson().train?.length),
      load: async () => {
        const say = phrases[language]
        const { signal } = interrupt
        const loaded = await loadData(dataset, { path: data, limit, trust, signal, screen: this.#page, say }).catch(
          (error: unknown) => {
            throw offerMnist(error, dataset, recipe.id)
          },
        )
        writeLine(this.#page, dim(this.#page, say.source(loaded.train.source)))
        writeLine(this.#page)
        return loaded
      },
      onStart: (run) => this.#started(run, lesson().train?.source ?? dataset),
      onProgress: (progress) => this.#bar.step(progress),
      onEpoch: (record) => {
        this.#record.epoch(record)
        this.#bar.epoch(record)
        if (this.#options.json) this.#io.event({ event: 'epoch', ...record })
      },
    }
  }

  /** The newest whole run of another recipe on as many images of the same data. */
  async #earlierRun(recipe: string, images: number | undefined): Promise<History | undefined> {
    const { out, dataset } = this.#options
    const found = await newestRun(
      out,
      recipe,
      (card) => card.status === 'done' && card.dataset.name === dataset && card.dataset.train === images,
    )
    return found?.card.history
  }

  #started(run: RunStart, source: string): void {
    const { recipe, seed, threads, language, json } = this.#options
    const { engine, device, parameters, train, valid } = run
    this.#record.start(run, source)
    if (json) {
      const event = {
        event: 'start',
        recipe: recipe.id,
        engine,
        device,
        threads: run.threads,
        parameters,
        train,
        valid,
        seed,
      }
      this.#io.event(event)
    }
    const say = phrases[language]
    writeProse(this.#page, say.training(engine, device))
    if (threads !== undefined && threads !== run.threads) writeProse(this.#page, say.otherThreads(threads, run.threads))
    writeLine(this.#page)
  }

  async #walk(lesson: Lesson, signal: AbortSignal): Promise<void> {
    const { recipe, language, resume } = this.#options
    writeLine(this.#page, bold(this.#page, recipe.title[language]))
    if (resume) writeProse(this.#page, phrases[language].resuming(resume.folder, resume.checkpoint))
    else writeProse(this.#page, recipe.summary[language])
    for (const [index, step] of recipe.steps.entries()) {
      // The steps before the training were shown when the run began; what they prepare is needed again.
      if (resume && lesson.fitResult === undefined && step.id !== 'train') {
        await step.run(lesson)
        continue
      }
      writeLine(this.#page)
      writeLine(
        this.#page,
        bold(this.#page, cyan(this.#page, `${index + 1}/${recipe.steps.length} ${step.title[language]}`)),
      )
      writeProse(this.#page, step.prose[language])
      writeLine(this.#page)
      const outputs = await step.run(lesson)
      if (signal.aborted) throw new GichoError('aborted', 'Stopped.')
      if (outputs[0]?.kind === 'history') writeLine(this.#page) // below the progress
      for (const [place, output] of outputs.entries()) {
        if (place > 0) writeLine(this.#page)
        await this.#show(step.id, output)
      }
    }
  }

  async #show(stepId: string, output: StepOutput): Promise<void> {
    drawOutput(this.#page, output, this.#options.language)
    if (output.kind !== 'pictures') return
    const [first, ...more] = output.pictures
    if (more.length > 0) await this.#drawing(() => drawPictures(this.#record.folder, stepId, output))
    else if (first) await this.#record.picture(stepId, first)
  }

  #drawn(history: History): DrawnRun {
    const { recipe, language } = this.#options
    return { folder: this.#record.folder, recipe, history, language }
  }

  /** A drawing that fails is worth a sentence, but not the run. */
  async #drawing(draw: () => Promise<void>): Promise<void> {
    try {
      await draw()
    } catch (error) {
      writeProse(this.#io.stderr, picturesProse[this.#options.language].notDrawn(messageOf(error)))
    }
  }

  #done(card: RunCard | undefined): void {
    const say = phrases[this.#options.language]
    const { folder, modelFolder } = this.#record
    writeLine(this.#page)
    writeLine(this.#page, say.saved(folder))
    writeLine(this.#page, say.tryEvaluate(folder))
    if (!this.#options.json) return
    const history = join(folder, 'history.csv')
    this.#io.event({ event: 'done', seconds: card?.seconds ?? 0, model: modelFolder, history })
  }

  #interrupted(card: RunCard | undefined): GichoError {
    if (card === undefined) return new GichoError('aborted', 'Stopped before training began; nothing was saved.')
    const epochs = `${card.history.length} of ${card.epochs} epochs finished`
    const kept = card.model === undefined ? 'its record is' : 'model and history are'
    const { folder } = this.#record
    return new GichoError(
      'aborted',
      `Stopped with ${epochs}; ${kept} saved in ${folder}. Go on with: npx gicho resume ${folder}`,
    )
  }
}
