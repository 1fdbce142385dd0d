import type { Engine, History, ImageDataset } from '@gicho/core'
import type { LessonContext } from '@gicho/recipes'
import { loadData, offerMnist } from './data.ts'
import { newestRun } from './find-run.ts'
import { openKeptModel } from './lesson-models.ts'
import { photoFile, photoOf } from './lesson-photo.ts'
import { phrases } from './phrases.ts'
import type { RunRecord } from './run-record.ts'
import { dim, type Screen, writeLine } from './terminal/screen.ts'
import type { TrainOptions } from './train-options.ts'

/** What a lesson's context is made of besides the options. */
export interface ContextParts extends Required<Pick<LessonContext, 'onStart' | 'onProgress' | 'onEpoch'>> {
  readonly engine: Engine
  readonly record: RunRecord
  readonly page: Screen
  readonly signal: AbortSignal
  /** Images that the lesson trains on, once they are loaded. */
  readonly trainImages: () => number | undefined
}

/** What the command offers a lesson: data, a place for models and checkpoints, earlier runs, a photo. */
export function lessonContext(options: TrainOptions, parts: ContextParts): LessonContext {
  const {
    epochs,
    stepsPerEpoch,
    batchSize,
    optimizer,
    seed,
    out,
    resume,
    checkpointSeconds,
    model,
    image,
    imageOrientation,
  } = options
  const { engine, record, page, signal, trainImages, onStart, onProgress, onEpoch } = parts
  return {
    engine,
    epochs,
    seed,
    signal,
    ...(stepsPerEpoch === undefined ? {} : { stepsPerEpoch }),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(optimizer === undefined ? {} : { optimizer }),
    ...(resume?.checkpoint ? { resumeFrom: resume.checkpoint } : {}),
    ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
    load: () => load(options, page, signal),
    saveModel: (name, saved) => record.saveModel(name, saved),
    openModel: (name) => openKeptModel(out, name, model),
    photo: async () =>
      image === undefined
        ? photoOf((await load(options, page, signal)).test, seed)
        : photoFile(image, imageOrientation),
    earlierRun: (recipe) => earlierRun(options, recipe, trainImages()),
    onCheckpoint: (state) => record.checkpoint(state),
    onStart,
    onProgress,
    onEpoch,
  }
}

async function load(
  { recipe, dataset, data, limit, trust, language }: TrainOptions,
  page: Screen,
  signal: AbortSignal,
): Promise<{ train: ImageDataset; test: ImageDataset }> {
  const say = phrases[language]
  try {
    const loaded = await loadData(dataset, { path: data, limit, trust, signal, screen: page, say })
    writeLine(page, dim(page, say.source(loaded.train.source)))
    writeLine(page)
    return loaded
  } catch (error) {
    throw offerMnist(error, dataset, recipe.id)
  }
}

/** The newest whole run of another recipe on as many images of the same data. */
async function earlierRun(
  { out, dataset }: TrainOptions,
  recipe: string,
  images: number | undefined,
): Promise<History | undefined> {
  const found = await newestRun(
    out,
    recipe,
    ({ status, dataset: data, options }) =>
      status === 'done' && data.name === dataset && data.train === images && options?.stepsPerEpoch === undefined,
  )
  return found?.card.history
}
