import { type Engine, GichoError, type ImageDataset, type Picture, rmsprop, sizeOf } from '@gicho/core'
import { readModel } from '@gicho/engine/tfjs'
import type { SavedModel } from '@gicho/models'
import { checkPicture, checkSaved, checkTop, imageShape, type Prediction, rankRows } from './ranked-pictures.ts'

/** A model that stays open, to be asked about one picture after another. */
export interface OpenPredictor {
  /** What the model says about a picture that `seenBy` made for it. @throws GichoError as `predictPictures` */
  predict(picture: Picture): Promise<Prediction>
  dispose(): Promise<void>
}

/**
 * Opens a model once, for pictures that come one by one. Whoever opened it disposes it.
 *
 * @throws GichoError `bad-argument` for a model without class names or a `top` below 1; `unsupported`, `unavailable` from the engine
 *
 * @example
 * const predictor = await openPredictor(saved, { engine })
 * for (const file of files) show(await predictor.predict(await seenBy(saved, await readFile(file), file)))
 * await predictor.dispose()
 */
export async function openPredictor(
  saved: SavedModel,
  { engine, top = 3 }: { readonly engine: Engine; readonly top?: number },
): Promise<OpenPredictor> {
  checkSaved(saved)
  checkTop(top)
  const { model, input, classNames } = saved
  const shape = imageShape(input.shape)
  const settings = { loss: 'categoricalCrossentropy', optimizer: rmsprop(), batchSize: 1, seed: 0, input } as const
  const none = { images: new Uint8Array(0), labels: new Uint8Array(0), length: 0, source: 'none' }
  const train: ImageDataset = { ...none, shape, classNames, split: 'train' }
  const session = await engine.open({ ...settings, model: await readModel(model) }, { train })
  return {
    async predict(picture) {
      checkPicture(picture, sizeOf(shape))
      const [prediction] = rankRows(saved, [picture], await session.predict(picture.pixels), top)
      if (prediction === undefined) throw new GichoError('engine-failed', 'the engine gave no prediction.')
      return prediction
    },
    dispose: () => session.dispose(),
  }
}
