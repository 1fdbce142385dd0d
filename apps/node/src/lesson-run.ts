import { join } from 'node:path'
import {
  type Engine,
  GichoError,
  type History,
  isGichoError,
  messageOf,
  type RunCard,
  type RunStart,
  type StepOutput,
} from '@gicho/core'
import { type Lesson, type LessonContext, startLesson } from '@gicho/recipes'
import { tellOn } from './engine-listeners.ts'
import { chooseEngine } from './engines.ts'
import { type Interrupt, watchInterrupt } from './interrupt.ts'
import type { Io } from './io.ts'
import { lessonContext } from './lesson-context.ts'
import { type Machine, thisMachine } from './machine.ts'
import { phrases } from './phrases.ts'
import type { Profile } from './profile.ts'
import { resumeCommand } from './resume-command.ts'
import { picturesProse } from './run-pictures.prose.ts'
import { type DrawnRun, drawCurves, drawPictures, drawRun } from './run-pictures.ts'
import { RunRecord } from './run-record.ts'
import { ProgressBar } from './terminal/progress.ts'
import { bold, cyan, type Screen, writeLine, writeProse } from './terminal/screen.ts'
import { type PicturesOutput, showPictures } from './terminal/show-pictures.ts'
import { drawOutput } from './terminal/step-output.ts'
import { planOf, type TrainOptions } from './train-options.ts'

/**
 * Walks a recipe's steps on the screen and keeps the run on disk.
 *
 * @param profile takes in what the GPU's kernels take
 * @param machine where it runs
 * @throws GichoError `aborted` after an interrupt, when what was done is saved; whatever a step throws otherwise
 */
export async function runLesson(
  options: TrainOptions,
  io: Io,
  profile?: Profile,
  machine: Machine = thisMachine,
): Promise<void> {
  const { engine: name, backend, threads, language } = options
  const page = options.json ? io.stderr : io.stdout
  const engine = await chooseEngine(
    {
      engine: name,
      backend,
      threads,
      ...tellOn(page, phrases[language]),
      ...(profile ? { onProfile: (times) => profile.add(times) } : {}),
    },
    machine,
  )
  const plan = planOf(options)
  const { resume } = options
  const record = resume ? await RunRecord.reopen(plan, resume) : await RunRecord.create(plan)
  await new LessonRun(options, io, engine, record).run()
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
    const interrupt = watchInterrupt(
      () => {
        this.#bar.close()
        writeLine(this.#io.stderr, phrases[language].stopping)
      },
      () => this.#endAtOnce(),
    )
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
      throw await this.#ended(error, interrupt.signal.aborted, lesson)
    } finally {
      interrupt.dispose()
    }
  }

  /** Keeps what an ended run has done; gives what there is to say about its end. */
  async #ended(error: unknown, stopped: boolean, lesson: Lesson): Promise<unknown> {
    let card: RunCard | undefined
    try {
      card = await this.#record.finish(stopped ? 'interrupted' : 'failed', lesson)
    } catch (unkept) {
      return this.#unwritten(stopped ? unkept : error)
    }
    if (card) await this.#drawing(() => drawCurves(this.#drawn(card.history)))
    return stopped ? this.#interrupted(card) : this.#unwritten(error)
  }

  /** A run whose files couldn't be written goes on from its last checkpoint, when there is room. */
  #unwritten(error: unknown): unknown {
    if (!isGichoError(error, 'io') || !this.#record.hasCard) return error
    return new GichoError('io', `${error.message} Then go on with: ${this.#resumeCommand()}`, { cause: error })
  }

  #resumeCommand(): string {
    const { data, trust } = this.#options
    return resumeCommand(this.#record.folder, { data, trust })
  }

  /** The last words after a second Ctrl-C. */
  #endAtOnce(): Promise<unknown> {
    const { json } = this.#options
    const goesOn = this.#record.hasCard ? ` Go on with: ${this.#resumeCommand()}` : ''
    const message = `Ended at once, without saving what was done since the last checkpoint.${goesOn}`
    writeLine(this.#io.stderr, `gicho: ${message}`)
    if (json) this.#io.event({ event: 'error', code: 'aborted', message })
    return this.#io.drained()
  }

  #context(interrupt: Interrupt, lesson: () => Lesson): LessonContext {
    const { json, dataset } = this.#options
    return lessonContext(this.#options, {
      engine: this.#engine,
      record: this.#record,
      page: this.#page,
      signal: interrupt.signal,
      trainImages: () => lesson().train?.length,
      onStart: (run) => {
        const { train, compile } = lesson()
        this.#record.start(run, train?.source ?? dataset, compile?.optimizer)
        this.#started(run)
      },
      onProgress: (progress) => this.#bar.step(progress),
      onEpoch: (record) => {
        this.#record.epoch(record)
        this.#bar.epoch(record)
        if (json) this.#io.event({ event: 'epoch', ...record })
      },
    })
  }

  #started(run: RunStart): void {
    const { recipe, seed, threads, language, json } = this.#options
    const { engine, device, parameters, train, valid } = run
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
    const goesOn = resume?.checkpoint !== undefined
    if (resume) writeProse(this.#page, phrases[language].resuming(resume.folder, resume.checkpoint))
    if (!goesOn) writeProse(this.#page, recipe.summary[language])
    for (const [index, step] of recipe.steps.entries()) {
      // The steps before the training were shown when the run began; what they prepare is needed again.
      if (goesOn && lesson.fitResult === undefined && step.id !== 'train') {
        await step.run(lesson)
        continue
      }
      writeLine(this.#page)
      writeLine(
        this.#page,
        bold(this.#page, cyan(this.#page, `${index + 1}/${recipe.steps.length} ${step.title[language]}`)),
      )
      writeProse(this.#page, (step.proseOf?.(lesson) ?? step.prose)[language])
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
    const { language, pictures } = this.#options
    if (output.kind !== 'pictures') drawOutput(this.#page, output, language)
    else
      showPictures(this.#page, output, language, { file: await this.#keep(stepId, output), always: pictures === true })
  }

  /** Writes a step's pictures into the run's folder; gives the file where one stays, which a lesson without a training doesn't leave. */
  async #keep(stepId: string, output: PicturesOutput): Promise<string | undefined> {
    const { folder } = this.#record
    const [first, ...more] = output.pictures
    let file: string | undefined
    await this.#drawing(async () => {
      if (more.length > 0) await drawPictures(folder, stepId, output)
      else if (first) await this.#record.picture(stepId, first)
      file = join(folder, `${stepId}.${more.length > 0 ? 'svg' : 'png'}`)
    })
    return this.#options.recipe.fit ? file : undefined
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

  /** Without a card nothing was trained, and so nothing is kept. */
  #done(card: RunCard | undefined): void {
    const { json, language } = this.#options
    const { folder, modelFolder } = this.#record
    if (card) {
      const say = phrases[language]
      writeLine(this.#page)
      writeLine(this.#page, say.saved(folder))
      writeLine(this.#page, say.tryEvaluate(folder))
    }
    if (!json) return
    const kept = card ? { seconds: card.seconds, model: modelFolder, history: join(folder, 'history.csv') } : {}
    this.#io.event({ event: 'done', ...kept })
  }

  #interrupted(card: RunCard | undefined): GichoError {
    if (card === undefined) return new GichoError('aborted', 'Stopped before training began; nothing was saved.')
    const epochs = `${card.history.length} of ${card.epochs} epochs finished`
    const kept = card.model === undefined ? 'its record is' : 'model and history are'
    const { folder } = this.#record
    return new GichoError(
      'aborted',
      `Stopped with ${epochs}; ${kept} saved in ${folder}. Go on with: ${this.#resumeCommand()}`,
    )
  }
}
