import { fallbackEngine, GichoError, type ImageDataset, isGichoError, type Picture } from '@gicho/core'
import { tfjsEngine } from '@gicho/engine/tfjs'
import { fromFiles } from '@gicho/models'
import { type DecodedImage, decodeImage, frameDigit, imageToInput, turnUpright } from '@gicho/preprocess'
import type { Photo } from '@gicho/recipes'
import { NamedError } from '../remote/named-error.ts'
import type { RunPlace } from './keeping/run-store.ts'
import { type Examination, examine, type LayerView, lookInside } from './looking.ts'
import { Reader } from './reader.ts'
import type { Storeroom } from './storeroom.ts'

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

/** Trained networks, as the page asks them. One instance lives in the worker. */
export class ReadingRoom {
  readonly #parts: Storeroom['parts']
  readonly #readers = new Map<string, Promise<Reader>>()

  constructor({ parts }: Storeroom) {
    this.#parts = parts
  }

  /** Frames a drawing as the digits of MNIST are framed, and reads it. @param pixels [side, side] bytes, 255 is ink */
  async readDrawing(choice: ModelChoice, pixels: Uint8Array, side: number): Promise<Reading> {
    const reader = await this.#reader(choice)
    const framed = frameDigit(pixels, { width: side, height: side })
    return read(reader, framed && { title: '28x28', pixels: framed, shape: [28, 28, 1] })
  }

  /** How an image file is stored, as its camera noted it; 1 is upright. @throws GichoError for what isn't a picture */
  async orientationOf({ name, bytes }: Photo): Promise<number> {
    return (await decoded(bytes, name)).orientation
  }

  /** Reads an image file, turned upright unless it says not to. @throws GichoError for what isn't a picture */
  async readPhoto(choice: ModelChoice, { name, bytes, imageOrientation }: Photo): Promise<Reading> {
    const reader = await this.#reader(choice)
    const stored = await decoded(bytes, name)
    const pixels = imageToInput(imageOrientation === 'none' ? stored : turnUpright(stored), reader.shape)
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
  const probabilities = [...(await reader.probabilities(seen.pixels))]
  if (!probabilities.every(Number.isFinite)) {
    const message = `${reader.name}: expected probabilities from the model, got values that are no numbers.`
    throw new NamedError('modelNotFinite', 'not-finite', message)
  }
  return { seen, classNames, probabilities }
}

/** @throws NamedError for what is no picture, is damaged, or is of a kind that isn't read here */
async function decoded(bytes: Uint8Array, name: string): Promise<DecodedImage> {
  try {
    return await decodeImage(bytes, name)
  } catch (error) {
    if (isGichoError(error, 'unsupported')) throw new NamedError('otherPicture', error.code, error.message)
    if (isGichoError(error, 'bad-data')) throw new NamedError('noPicture', error.code, error.message)
    throw error
  }
}
