// Where a model's weights live until an engine takes them; tfjs needs some backend to build a model at all.
import '@tensorflow/tfjs-backend-cpu'
import type { ImageDataset, InputTreatment, Recipe, RecipeContext, Verdict } from '@gicho/core'
import { GichoError } from '@gicho/core'
import type { CompileOptions } from '@gicho/models'
import type { FitOptions, FitResult } from '@gicho/trainer'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/** What the steps of a recipe share. A step fills in what later steps read. */
export interface Lesson {
  readonly recipe: Recipe<Lesson>
  readonly context: RecipeContext
  /** Set by `load`: what the network learns from. */
  train?: ImageDataset
  /** Set by `load`: what it is validated on. */
  test?: ImageDataset
  /** Set by `scale`: how bytes become what the network sees. */
  input?: InputTreatment
  /** Set by `build`. Its weights are the trained ones after `train`. */
  model?: LayersModel
  /** Set by `compile`. */
  compile?: CompileOptions
  /** Set by `train`. */
  fitResult?: FitResult
  /** Set by `verdict`. */
  verdict?: Verdict
}

/** What one step leaves for the next ones. */
export type LessonPart = 'train' | 'test' | 'input' | 'model' | 'compile' | 'fitResult'

const madeBy: Record<LessonPart, string> = {
  train: 'load',
  test: 'load',
  input: 'scale',
  model: 'build',
  compile: 'compile',
  fitResult: 'train',
}

/**
 * A lesson at its beginning: run the recipe's steps on it, in order.
 *
 * @example
 * const lesson = startLesson(mnist, context)
 * for (const step of mnist.steps) show(step, await step.run(lesson))
 */
export function startLesson(recipe: Recipe<Lesson>, context: RecipeContext): Lesson {
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
    throw new GichoError(
      'bad-argument',
      `lesson ${lesson.recipe.id}: this step needs "${part}", which isn't there yet. ` +
        `Run the step "${madeBy[part]}" first: steps build on one another.`,
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
