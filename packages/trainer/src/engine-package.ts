/*
 * The one file that imports @gicho/engine, an optional peer, and only when it is needed: for the way between tfjs-layers models and
 * data, and for the engines that are named by a word.
 */
import { type Engine, GichoError, type LossName, type ModelSpec, messageOf, type NamedArray } from '@gicho/core'
import type { TrainableModel } from './model.ts'

/** The way between tfjs-layers models and data. */
export interface ModelBridge {
  readModel(model: TrainableModel): Promise<ModelSpec>
  assignWeights(model: TrainableModel, weights: readonly NamedArray[]): void
  /** The name of a loss that `model.compile` was given; undefined for one that no engine computes. */
  nameOfLoss(loss: unknown): LossName | undefined
}

/** Loads `@gicho/engine/tfjs`. @throws GichoError `unavailable` with the line that installs it */
export function loadBridge(
  load: () => Promise<ModelBridge> = () => import('@gicho/engine/tfjs'),
): Promise<ModelBridge> {
  return loaded('tfjs', load())
}

/** The compiled engine on the CPU. @throws GichoError `unavailable` */
export async function loadWasm(): Promise<Engine> {
  const { wasmEngine } = await loaded('wasm', import('@gicho/engine/wasm'))
  return wasmEngine()
}

/** The eager engine. @throws GichoError `unavailable` */
export async function loadTfjs(): Promise<Engine> {
  const { tfjsEngine } = await loaded('tfjs', import('@gicho/engine/tfjs'))
  return tfjsEngine()
}

/** The compiled engine on the GPU, and whether this machine has one. @throws GichoError `unavailable` without the package */
export async function loadWebgpu(): Promise<{ readonly engine: Engine; isThere(): Promise<boolean> }> {
  const { webgpuEngine, availableGpu } = await loaded('webgpu', import('@gicho/engine/webgpu'))
  return { engine: webgpuEngine(), isThere: async () => (await availableGpu()).available }
}

async function loaded<T>(entry: string, loading: Promise<T>): Promise<T> {
  try {
    return await loading
  } catch (error) {
    throw new GichoError(
      'unavailable',
      `trainer: @gicho/engine/${entry} could not be loaded (${messageOf(error).split('\n', 1)[0]}). ` +
        'Install it with: npm install @gicho/engine @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 ' +
        '@tensorflow/tfjs-backend-cpu@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0',
      { cause: error },
    )
  }
}
