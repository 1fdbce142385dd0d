import type { Engine } from '@gicho/core'
import { type BackendReport, type BackendSearch, reportBackends } from './tfjs/backend.ts'
import { nodeDrivers } from './tfjs/drivers.node.ts'
import { makeEngine, type TfjsEngineOptions } from './tfjs/engine.ts'
import { nodeRendering } from './tfjs/render-platform.node.ts'

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
  return makeEngine(nodeDrivers, nodeRendering, options)
}

/** Every backend, or those asked for: whether this machine has it, on which device, and if not, why and what to do. Starts those it finds. */
export function availableBackends(search: BackendSearch = {}): Promise<readonly BackendReport[]> {
  return reportBackends(nodeDrivers, search)
}
