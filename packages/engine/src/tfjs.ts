import type { Engine } from '@gicho/core'
import { type BackendReport, type BackendSearch, reportBackends } from './tfjs/backend.ts'
import { browserDrivers } from './tfjs/drivers.ts'
import { makeEngine, type TfjsEngineOptions } from './tfjs/engine.ts'
import { browserRendering } from './tfjs/render-platform.ts'

export type { BackendName, BackendReport, BackendSearch, TfjsBackend } from './tfjs/backend.ts'
export {
  datasetForFit,
  type FitBatch,
  type FitSource,
  type FitSourceOptions,
  imagesTensor,
  labelsTensor,
} from './tfjs/bridges.ts'
export type { TfjsEngineOptions } from './tfjs/engine.ts'
export { nameOfLoss } from './tfjs/loss-names.ts'
export { assignWeights, type LayersModelLike, type LayerWeight, readModel } from './tfjs/weights.ts'

/**
 * The eager engine: trains layer by layer with tfjs' own kernels, exactly as Keras would.
 *
 * @throws GichoError from `open`: `unsupported` for what `supports` names, `unavailable` when the backend isn't there
 */
export function tfjsEngine(options: TfjsEngineOptions = {}): Engine {
  return makeEngine(browserDrivers, browserRendering, options)
}

/** Every backend, or those asked for: whether this machine has it, on which device, and if not, why and what to do. Starts those it finds. */
export function availableBackends(search: BackendSearch = {}): Promise<readonly BackendReport[]> {
  return reportBackends(browserDrivers, search)
}
