import { type Engine, fallbackEngine, GichoError, type Issue } from '@gicho/core'
import { UsageError } from './usage.ts'

/** What `--engine` takes; `auto` is the fastest that this machine has and the model allows. */
export const engineNames = ['auto', 'wasm', 'tfjs'] as const
export type EngineName = (typeof engineNames)[number]

/** What `--backend` takes; naming one means the tfjs engine. */
export const backendNames = ['auto', 'cpu', 'wasm', 'webgpu', 'tensorflow'] as const
export type BackendName = (typeof backendNames)[number]

/** What the user asked for. */
export interface EngineChoice {
  readonly engine: EngineName
  readonly backend: BackendName
  readonly threads?: number | undefined
  /** Told when a model is passed on to the eager engine, with what the compiled one can't run. */
  readonly onFallback?: (issues: readonly Issue[]) => void
}

/**
 * Loads an engine; so late, because TensorFlow.js takes a while to load. Afterwards models can be built and read: their
 * weights stand on tfjs' cpu backend until the engine takes them.
 *
 * @throws GichoError `unavailable` for a backend that this machine doesn't have; UsageError for a backend of the wrong engine
 */
export async function chooseEngine({ engine, backend, threads, onFallback }: EngineChoice): Promise<Engine> {
  const { enableProdMode } = await import('@tensorflow/tfjs-core')
  enableProdMode() // else tfjs advertises its native backend in the middle of a lesson
  await import('@tensorflow/tfjs-backend-cpu')
  const { availableBackends, tfjsEngine } = await import('@gicho/engine/tfjs')
  if (backend === 'webgpu' || backend === 'tensorflow') {
    // These need more than npm brings: better to know before the lesson than in its middle.
    const report = (await availableBackends()).find((one) => one.backend === backend)
    if (!report?.available) throw new GichoError('unavailable', report?.reason ?? `backend ${backend}: not available.`)
  }
  if (engine === 'wasm' && backend !== 'auto') {
    throw new UsageError(`--backend ${backend} belongs to the tfjs engine. Use --engine tfjs, or leave --backend out.`)
  }
  if (engine === 'tfjs' || backend !== 'auto') return tfjsEngine({ backend })
  const { wasmEngine } = await import('@gicho/engine/wasm')
  const compiled = wasmEngine(threads === undefined ? {} : { threads })
  return engine === 'wasm' ? compiled : fallbackEngine([compiled, tfjsEngine()], (_, issues) => onFallback?.(issues))
}
