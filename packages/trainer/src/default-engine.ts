import { type Engine, GichoError, type ModelSpec, messageOf, type NamedArray } from '@gicho/core'
import type { TrainableModel } from './model.ts'

/** The way between tfjs-layers models and data, and the engine for those who name none. */
export interface ModelBridge {
  readModel(model: TrainableModel): Promise<ModelSpec>
  assignWeights(model: TrainableModel, weights: readonly NamedArray[]): void
  tfjsEngine(): Engine
}

/** Loads `@gicho/engine/tfjs`, an optional peer. @throws GichoError `unavailable` with the line that installs it */
export async function loadBridge(load: () => Promise<ModelBridge> = importBridge): Promise<ModelBridge> {
  try {
    return await load()
  } catch (error) {
    throw new GichoError(
      'unavailable',
      `trainer: @gicho/engine/tfjs could not be loaded (${messageOf(error).split('\n', 1)[0]}). ` +
        'Install it with: npm install @gicho/engine @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 ' +
        '@tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0',
      { cause: error },
    )
  }
}

function importBridge(): Promise<ModelBridge> {
  return import('@gicho/engine/tfjs')
}
