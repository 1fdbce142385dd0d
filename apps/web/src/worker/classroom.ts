import { type Picture, unitRange } from '@gicho/core'
import { fromFiles, mnistMlp } from '@gicho/models'
import { findRecipe, type Lesson, type OpenedModel, type Photo } from '@gicho/recipes'
import { fit } from '@gicho/trainer'
import { enableProdMode } from '@tensorflow/tfjs-core'
import type { EngineId } from '../settings.ts'
import { packRun, takeRun } from './carrying.ts'
import type { TakenData } from './data-shelf.ts'
import { chooseEngine } from './engines.ts'
import type { RunPlace } from './keeping/run-store.ts'
import { LessonRunner, type RunRequest } from './lesson-runner.ts'
import { measureSpeed, type Speed } from './measure-speed.ts'
import type { News } from './news.ts'
import { photoOf } from './photo.ts'
import { playAugment, type Ranges } from './playground.ts'
import type { Storeroom } from './storeroom.ts'

enableProdMode()

/** Lessons, as the page walks through them. One instance lives in the worker. */
export class Classroom {
  readonly #tell: (news: News) => void
  readonly #runners = new Map<string, LessonRunner>()
  readonly #parts: Storeroom['parts']
  #photo: Photo | undefined

  constructor({ parts }: Storeroom, tell: (news: News) => void) {
    this.#tell = tell
    this.#parts = parts
  }

  async run(request: RunRequest): Promise<void> {
    await (await this.#runner(request.recipe)).run(request)
  }

  /** A lesson's step and those after it have to be run again. */
  async forget(recipe: string, step: string): Promise<void> {
    await this.#runners.get(recipe)?.forget(step)
  }

  pause(recipe: string): void {
    this.#runners.get(recipe)?.training?.pause()
    this.#tell({ kind: 'paused', recipe, paused: true })
  }

  go(recipe: string): void {
    this.#runners.get(recipe)?.training?.go()
    this.#tell({ kind: 'paused', recipe, paused: false })
  }

  step(recipe: string): void {
    this.#runners.get(recipe)?.training?.step()
    this.#tell({ kind: 'paused', recipe, paused: true })
  }

  stop(recipe: string): void {
    this.#runners.get(recipe)?.training?.stop()
  }

  async packRun(place: RunPlace): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
    const { store } = await this.#parts
    return packRun(store, await store.find(place))
  }

  async takeRun(files: readonly File[]): Promise<RunPlace> {
    return takeRun((await this.#parts).store, files)
  }

  async takeData(files: readonly File[]): Promise<TakenData> {
    const taken = await (await this.#parts).shelf.take(files)
    if (taken.missing.length === 0) this.#startAnew()
    return taken
  }

  async forgetData(): Promise<void> {
    await (await this.#parts).shelf.forget()
    this.#startAnew()
  }

  /** The photo that lesson 5 reads from now on. */
  usePhoto(photo: Photo): void {
    this.#photo = photo
  }

  async playAugment(recipe: string, index: number, ranges: Ranges, draws: number, seed: number): Promise<Picture[]> {
    const { shelf } = await this.#parts
    const { train } = await shelf.load(findRecipe(recipe).dataset, 0)
    return playAugment(train, index, ranges, draws, seed)
  }

  /** Trains a lesson's network for two seconds, for nothing but its speed. */
  async measure(recipe: string, engine: Exclude<EngineId, 'auto'>): Promise<Speed> {
    const { shelf } = await this.#parts
    const { train } = await shelf.load(findRecipe(recipe).dataset, 0)
    return measureSpeed(recipe, train, await chooseEngine(engine))
  }

  /** Lessons on photos of hands begin with their first step again; one that trains goes on with what it has, and then does so. */
  #startAnew(): void {
    for (const [recipe, runner] of this.#runners) {
      const { dataset, steps } = findRecipe(recipe)
      const [first] = steps
      if (dataset === 'sign-language' && first) void runner.forget(first.id)
    }
  }

  async #runner(recipe: string): Promise<LessonRunner> {
    const { store, shelf } = await this.#parts
    const found = this.#runners.get(recipe)
    if (found) return found
    const runner = new LessonRunner(recipe, {
      store,
      shelf,
      tell: this.#tell,
      openModel: (name) => this.#openModel(name),
      photo: (lesson) => this.#photoFor(lesson),
    })
    this.#runners.set(recipe, runner)
    return runner
  }

  /** The model of that name, else the newest of any lesson, else one that is trained on the spot. */
  async #openModel(name: string): Promise<OpenedModel> {
    const { store } = await this.#parts
    const kept = (await store.list()).filter(({ card }) => card.model !== undefined)
    const run = kept.find(({ card }) => card.model === name) ?? kept[0]
    if (!run) return this.#quickModel()
    return { ...(await fromFiles(await store.modelFiles(run), name)), where: `${run.recipe}/${run.number}` }
  }

  /** So that lesson 5 has something to open before any other was trained: one epoch on a sixth of MNIST. */
  async #quickModel(): Promise<OpenedModel> {
    const { train } = await (await this.#parts).shelf.load('mnist', 10_000)
    const model = mnistMlp()
    const input = unitRange([784])
    await fit(model, train, { engine: await chooseEngine('auto'), input })
    return { model, classNames: train.classNames, input, where: 'mnist, 10,000 images, 1 epoch' }
  }

  async #photoFor({ opened, context }: Lesson): Promise<Photo> {
    if (this.#photo) return this.#photo
    const { shelf } = await this.#parts
    const letters = (opened?.classNames.length ?? 10) > 10
    return photoOf((await shelf.load(letters ? 'sign-language' : 'mnist', 0)).test, context.seed)
  }
}
