import { fallbackEngine, GichoError, type ImageDataset, type Picture, unitRange } from '@gicho/core'
import { tfjsEngine } from '@gicho/engine/tfjs'
import { fromFiles, mnistMlp } from '@gicho/models'
import { decodeImage, frameDigit, imageToInput } from '@gicho/preprocess'
import { findRecipe, type Lesson, type OpenedModel, type Photo } from '@gicho/recipes'
import { fit } from '@gicho/trainer'
import { enableProdMode } from '@tensorflow/tfjs-core'
import type { EngineId } from '../settings.ts'
import { packRun, takeRun } from './carrying.ts'
import { chooseEngine } from './engines.ts'
import type { RunPlace } from './keeping/run-store.ts'
import { LessonRunner, type RunRequest } from './lesson-runner.ts'
import { type Examination, examine, type LayerView, lookInside } from './looking.ts'
import { measureSpeed, type Speed } from './measure-speed.ts'
import type { News } from './news.ts'
import { photoOf } from './photo.ts'
import { playAugment, type Ranges } from './playground.ts'
import { Reader } from './reader.ts'
import type { Storeroom } from './storeroom.ts'

enableProdMode()

/** A run's model that is to be asked; of an epoch whose weights were kept, where one is named. */
export interface ModelChoice extends RunPlace {
  readonly epoch?: number
}

/** What a network says of a picture. */
export interface Reading {
  /** What it saw; undefined where there was nothing to see. */
  readonly seen: Picture | undefined
  readonly probabilities: readonly number[]
  readonly classNames: readonly string[]
}

/** Lessons and networks: everything that the page can ask for that needs TensorFlow.js. One instance lives in the worker. */
export class Classroom {
  readonly #tell: (news: News) => void
  readonly #runners = new Map<string, LessonRunner>()
  readonly #readers = new Map<string, Promise<Reader>>()
  readonly #parts: Storeroom['parts']
  #photo: Photo | undefined

  constructor({ parts }: Storeroom, tell: (news: News) => void) {
    this.#tell = tell
    this.#parts = parts
  }

  async run(request: RunRequest): Promise<void> {
    await (await this.#runner(request.recipe)).run(request)
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

  async takeData(files: readonly File[]): Promise<void> {
    await (await this.#parts).shelf.take(files)
    this.#startAnew()
  }

  async forgetData(): Promise<void> {
    await (await this.#parts).shelf.forget()
    this.#startAnew()
  }

  /** The photo that lesson 5 reads from now on. @throws GichoError `bad-data`, `unsupported` for what isn't a picture */
  async usePhoto(photo: Photo): Promise<void> {
    await decodeImage(photo.bytes, photo.name)
    this.#photo = photo
  }

  /** Frames a drawing as the digits of MNIST are framed, and reads it. @param pixels [side, side] bytes, 255 is ink */
  async readDrawing(choice: ModelChoice, pixels: Uint8Array, side: number): Promise<Reading> {
    const reader = await this.#reader(choice)
    const framed = frameDigit(pixels, { width: side, height: side })
    return read(reader, framed && { title: '28x28', pixels: framed, shape: [28, 28, 1] })
  }

  /** Reads an image file. @throws GichoError for what isn't a picture */
  async readPhoto(choice: ModelChoice, { name, bytes }: Photo): Promise<Reading> {
    const reader = await this.#reader(choice)
    const pixels = imageToInput(await decodeImage(bytes, name), reader.shape)
    return read(reader, { title: name, pixels, shape: reader.shape })
  }

  /** Reads what a camera saw. @param pixels [side, side, 4] RGBA */
  async readFrame(choice: ModelChoice, pixels: Uint8Array, side: number): Promise<Reading> {
    const reader = await this.#reader(choice)
    const image = { pixels, width: side, height: side, channels: 4 } as const
    return read(reader, { title: 'camera', pixels: imageToInput(image, reader.shape), shape: reader.shape })
  }

  async examine(choice: ModelChoice): Promise<Examination> {
    const reader = await this.#reader(choice)
    return examine(reader, await this.#pictures(reader))
  }

  /** What every layer makes of a picture of the validation data. */
  async lookInside(choice: ModelChoice, index: number): Promise<Reading & { readonly layers: readonly LayerView[] }> {
    const reader = await this.#reader(choice)
    const { images, length, shape, labels, classNames } = await this.#pictures(reader)
    const row = ((index % length) + length) % length
    const size = shape[0] * shape[1] * shape[2]
    const pixels = images.slice(row * size, (row + 1) * size)
    const seen = { title: classNames[labels[row] ?? 0] ?? '', pixels, shape }
    return { ...(await read(reader, seen)), layers: await lookInside(reader, pixels) }
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

  /** Lessons begin with their first step again; one that trains goes on with what it has. */
  #startAnew(): void {
    for (const [recipe, { training }] of this.#runners) if (!training) this.#runners.delete(recipe)
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

  /** Validation pictures of the kind that a model reads. */
  async #pictures(reader: Reader): Promise<ImageDataset> {
    const { shelf } = await this.#parts
    const wanted = reader.saved.classNames.length === 10 ? 'mnist' : 'sign-language'
    return (await shelf.load(wanted, 0)).test
  }

  #reader(choice: ModelChoice): Promise<Reader> {
    const { recipe, number, epoch } = choice
    const key = `${recipe}/${number}/${epoch ?? ''}`
    const found = this.#readers.get(key)
    if (found) return found
    const opening = this.#forgetReaders().then(() => this.#openReader(choice, key))
    this.#readers.set(key, opening)
    opening.catch(() => this.#readers.delete(key))
    return opening
  }

  async #openReader(choice: ModelChoice, name: string): Promise<Reader> {
    const { store } = await this.#parts
    const run = await store.find(choice)
    const saved = await fromFiles(await store.modelFiles(run), `${run.recipe}/${run.number}`)
    const { wasmEngine } = await import('@gicho/engine/wasm')
    const engine = fallbackEngine([wasmEngine({ threads: 1 }), tfjsEngine({ backend: 'cpu' })])
    const reader = await Reader.open(saved, name, engine)
    if (choice.epoch !== undefined) await reader.useWeights((await store.checkpoint(choice, choice.epoch)).weights)
    return reader
  }

  /** One model at a time stays open: each has memory and a thread of its own. */
  async #forgetReaders(): Promise<void> {
    const open = [...this.#readers.values()]
    this.#readers.clear()
    for (const opening of open) {
      const reader = await opening.catch(() => undefined)
      await reader?.dispose()
      reader?.saved.model.dispose()
    }
  }
}

async function read(reader: Reader, seen: Picture | undefined): Promise<Reading> {
  const { classNames } = reader.saved
  if (seen === undefined) return { seen, classNames, probabilities: [] }
  if (seen.pixels.length !== reader.shape[0] * reader.shape[1] * reader.shape[2]) {
    throw new GichoError(
      'bad-shape',
      `This model takes pictures of ${reader.shape.join('x')}, this one has ${seen.shape.join('x')}.`,
    )
  }
  return { seen, classNames, probabilities: [...(await reader.probabilities(seen.pixels))] }
}
