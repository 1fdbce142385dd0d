import type { NamedArray } from '@gicho/core'
import { type Engine, GichoError, type ImageShape, rmsprop, type Session, type Shape, sizeOf } from '@gicho/core'
import { assignWeights, readModel } from '@gicho/engine/tfjs'
import type { SavedModel } from '@gicho/models'

/** A model that answers quickly: its session stays open until another model is taken. */
export class Reader {
  readonly saved: SavedModel
  /** Where the model comes from, for people. */
  readonly name: string
  readonly #session: Session
  /** The end of the calls so far: a session takes one at a time, and the page asks many things at once. */
  #last: Promise<unknown> = Promise.resolve()

  private constructor(saved: SavedModel, name: string, session: Session) {
    this.saved = saved
    this.name = name
    this.#session = session
  }

  /** @throws GichoError `unsupported`, `unavailable` from the engine */
  static async open(saved: SavedModel, name: string, engine: Engine): Promise<Reader> {
    const { model, input, classNames } = saved
    const job = {
      model: await readModel(model),
      loss: 'categoricalCrossentropy',
      optimizer: rmsprop(),
      batchSize: 32,
      seed: 0,
      input,
    } as const
    const shape = imageShape(input.shape)
    const nothing = { images: new Uint8Array(0), labels: new Uint8Array(0), length: 0, source: 'none' }
    const session = await engine.open(job, { train: { ...nothing, shape, classNames, split: 'train' } })
    return new Reader(saved, name, session)
  }

  /** Height, width and channels of what the model takes. */
  get shape(): ImageShape {
    return imageShape(this.saved.input.shape)
  }

  /** Probabilities [n, classes] for n pictures as bytes. */
  probabilities(images: Uint8Array): Promise<Float32Array> {
    return this.#inTurn(() => this.#session.predict(images))
  }

  /** Takes other weights of the same model, as a checkpoint has them. @throws GichoError `bad-shape` */
  async useWeights(weights: readonly NamedArray[]): Promise<void> {
    await this.#inTurn(() => this.#session.writeWeights(weights))
    assignWeights(this.saved.model, weights)
  }

  /** Once everything that was asked is answered. */
  async dispose(): Promise<void> {
    await this.#inTurn(() => this.#session.dispose())
  }

  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    const answer = this.#last.then(call)
    this.#last = answer.catch(() => undefined)
    return answer
  }
}

/** A row of pixels is taken for a square grey picture, as in the lessons. @throws GichoError `bad-shape` for no picture */
function imageShape(shape: Shape): ImageShape {
  const [height = 0, width = height, channels = 1] = shape
  if (shape.length === 3 || shape.length === 2) return [height, width, channels]
  const side = Math.sqrt(sizeOf(shape))
  if (shape.length === 1 && Number.isInteger(side)) return [side, side, 1]
  throw new GichoError('bad-shape', `expected a model that takes pictures, got one that takes (${shape.join(', ')}).`)
}
