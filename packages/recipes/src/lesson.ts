// Where a model's weights live until an engine takes them; tfjs needs some backend to build a model at all.
import '@tensorflow/tfjs-backend-cpu'
import type { ImageDataGenerator } from '@gicho/augment'
import type { ImageDataset, InputTreatment, Picture, Recipe, RecipeContext, Verdict } from '@gicho/core'
import { GichoError } from '@gicho/core'
import type { CompileOptions, SavedModel } from '@gicho/models'
import type { DecodedImage } from '@gicho/preprocess'
import type { FitOptions, FitResult } from '@gicho/trainer'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ImageOrientation } from './predict-image.ts'

/** A model that was kept, and where it was found, for people. */
export interface OpenedModel extends SavedModel {
  readonly where: string
}

/** An image file. */
export interface Photo {
  readonly name: string
  /** PNG, JPEG or WebP. */
  readonly bytes: Uint8Array
  /** Default `from-image`: the photo is turned by its Exif orientation. */
  readonly imageOrientation?: ImageOrientation
}

/** What a lesson asks of the app that runs it. An app may leave out what it can't do; the lesson then says so. */
export interface LessonContext extends RecipeContext {
  /** Keeps a trained model under a name, for later lessons; gives the place, for people. */
  saveModel?(name: string, saved: SavedModel): Promise<string>
  /**
   * The newest model that was kept under that name, or the one that the learner chose.
   *
   * @throws GichoError `not-found`, saying which lesson saves it
   */
  openModel?(name: string): Promise<OpenedModel>
  /** The photo of a hand to be read: the learner's, or one that the app brings along. */
  photo?(): Promise<Photo>
}

/** What the steps of a recipe share. A step fills in what later steps read. */
export interface Lesson {
  readonly recipe: Recipe<Lesson>
  readonly context: LessonContext
  /** What the network learns from. */
  train?: ImageDataset
  /** What it is validated on. */
  test?: ImageDataset
  /** How bytes become what the network sees. */
  input?: InputTreatment
  /** Makes new pictures out of those of `train`. */
  generator?: ImageDataGenerator
  /** Its weights are the trained ones once there is a `fitResult`. */
  model?: LayersModel
  compile?: CompileOptions
  fitResult?: FitResult
  verdict?: Verdict
  /** The trained model of an earlier lesson. */
  opened?: OpenedModel
  /** As it was taken, upright. */
  photo?: DecodedImage
  /** The photo in grey, in its own size. */
  grey?: DecodedImage
  /** The photo as the network sees it. */
  seen?: Picture
  /** What the opened model says of `seen`, one for each class. */
  probabilities?: Float32Array
}

/** What one step leaves for the next ones. */
export type LessonPart = Exclude<keyof Lesson, 'recipe' | 'context' | 'verdict'>

/** The steps that make a part; a recipe has one of them. */
const madeBy: Record<LessonPart, readonly string[]> = {
  train: ['load', 'prepare'],
  test: ['load', 'prepare'],
  input: ['scale', 'prepare'],
  generator: ['augment'],
  model: ['build'],
  compile: ['compile'],
  fitResult: ['train'],
  opened: ['open'],
  photo: ['photo'],
  grey: ['grey'],
  seen: ['resize'],
  probabilities: ['predict'],
}

/**
 * A lesson at its beginning: run the recipe's steps on it, in order.
 *
 * @example
 * const lesson = startLesson(mnist, context)
 * for (const step of mnist.steps) show(step, await step.run(lesson))
 */
export function startLesson(recipe: Recipe<Lesson>, context: LessonContext): Lesson {
  return { recipe, context }
}

/**
 * What an earlier step has left in the lesson.
 *
 * @throws GichoError `bad-argument` when that step has not been run
 */
export function need<Part extends LessonPart>(lesson: Lesson, part: Part): NonNullable<Lesson[Part]> {
  const value = lesson[part]
  if (value === undefined || value === null) {
    const { id, steps } = lesson.recipe
    const maker = steps.find((step) => madeBy[part].includes(step.id))?.id ?? madeBy[part][0]
    throw new GichoError(
      'bad-argument',
      `lesson ${id}: this step needs "${part}", which isn't there yet. ` +
        `Run the step "${maker}" first: steps build on one another.`,
    )
  }
  return value
}

/** Those of `fit`'s options that the app chose, by way of the lesson's context. */
export function fitOptions(
  context: RecipeContext,
): Pick<
  FitOptions,
  | 'seed'
  | 'epochs'
  | 'stepsPerEpoch'
  | 'engine'
  | 'signal'
  | 'resumeFrom'
  | 'onCheckpoint'
  | 'checkpointSeconds'
  | 'onStart'
  | 'onProgress'
  | 'onEpoch'
> {
  const { seed, epochs, stepsPerEpoch, engine, signal, resumeFrom, checkpointSeconds } = context
  return {
    seed,
    epochs,
    ...(stepsPerEpoch === undefined ? {} : { stepsPerEpoch }),
    ...(engine === undefined ? {} : { engine }),
    ...(signal === undefined ? {} : { signal }),
    ...(resumeFrom === undefined ? {} : { resumeFrom }),
    ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
    ...(context.onCheckpoint ? { onCheckpoint: (state) => context.onCheckpoint?.(state) } : {}),
    onStart: (run) => context.onStart?.(run),
    onProgress: (progress) => context.onProgress?.(progress),
    onEpoch: (epoch) => context.onEpoch?.(epoch),
  }
}
