import { resolve } from 'node:path'
import type { OptimizerConfig, Recipe } from '@gicho/core'
import type { ImageOrientation, Lesson } from '@gicho/recipes'
import type { DatasetName } from './data.ts'
import type { BackendName, EngineName } from './engines.ts'
import type { Language } from './language.ts'
import type { EarlierPart, RunPlan } from './run-record.ts'

/** Everything that `gicho train` was told, checked. */
export interface TrainOptions {
  readonly recipe: Recipe<Lesson>
  readonly epochs: number
  readonly stepsPerEpoch: number | undefined
  /** Undefined means the recipe's. */
  readonly batchSize: number | undefined
  readonly optimizer: OptimizerConfig | undefined
  readonly engine: EngineName
  readonly backend: BackendName
  readonly dataset: DatasetName
  readonly data: string | undefined
  readonly seed: number
  readonly limit: number | undefined
  readonly out: string
  readonly threads: number | undefined
  readonly json: boolean
  readonly language: Language
  readonly trust: boolean
  /** True draws every picture in text, also where nobody may be looking. */
  readonly pictures?: boolean
  readonly checkpointSeconds: number | undefined
  /** The model that a lesson opens: a run's or a model's folder. */
  readonly model: string | undefined
  /** The photo that a lesson reads. */
  readonly image: string | undefined
  /** Whether it is turned by its Exif. */
  readonly imageOrientation: ImageOrientation
  /** Goes on with a run that was interrupted. */
  readonly resume?: EarlierPart
}

/** What the record of a run says of how it was started. */
export function planOf(options: TrainOptions): RunPlan {
  const { recipe, epochs, dataset, seed, out, engine, backend, threads, stepsPerEpoch, limit, data, trust, language } =
    options
  return {
    root: out,
    recipe: recipe.id,
    dataset,
    seed,
    epochs,
    batchSize: options.batchSize ?? recipe.fit?.batchSize ?? 1,
    options: {
      engine,
      backend,
      language,
      ...(threads === undefined ? {} : { threads }),
      ...(stepsPerEpoch === undefined ? {} : { stepsPerEpoch }),
      ...(limit === undefined ? {} : { limit }),
      ...(data === undefined ? {} : { data: resolve(data) }),
      ...(trust ? { trust } : {}),
    },
  }
}
