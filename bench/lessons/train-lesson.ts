import { type EpochRecord, type History, rmsprop } from '@gicho/core'
import { loadSignLanguage } from '@gicho/datasets'
import { wasmEngine } from '@gicho/engine/wasm'
import { findRecipe, startLesson } from '@gicho/recipes'
import type { LessonId } from './summary.ts'

export interface TrainLessonOptions {
  readonly data?: string
  readonly threads?: number
  /** With TF-2 Keras' RMSprop instead of Keras 3's. */
  readonly tf2: boolean
  readonly onEpoch: (epoch: EpochRecord) => void
}

/** Walks a lesson's recipe up to its training, with that seed; gives the epochs. */
export async function trainLesson(lesson: LessonId, seed: number, options: TrainLessonOptions): Promise<History> {
  const recipe = findRecipe(lesson)
  const { data, threads, tf2, onEpoch } = options
  const context = {
    load: () => loadSignLanguage(data === undefined ? {} : { path: data }),
    engine: wasmEngine(threads === undefined ? {} : { threads }),
    seed,
    epochs: recipe.fit?.epochs ?? 0,
    onEpoch,
  }
  const walk = startLesson(recipe, context)
  for (const step of recipe.steps) {
    await step.run(walk)
    if (tf2 && walk.compile) walk.compile = { ...walk.compile, optimizer: rmsprop({ epsilonMode: 'tf2' }) }
    if (walk.fitResult) break
  }
  walk.model?.dispose()
  return walk.fitResult?.history ?? []
}
