import { type Engine, fallbackEngine, GichoError, type Issue, revivingEngine } from '@gicho/core'
import type { OnProfile } from '@gicho/engine/webgpu'
import { UsageError } from './usage.ts'

/** What `--engine` takes; `auto` is the fastest that this machine has and the model allows. */
export const engineNames = ['auto', 'webgpu', 'wasm', 'tfjs'] as const
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
  /** Told when the GPU that was asked for is one in software, with its name. */
  readonly onSoftware?: (device: string) => void
  /** Told when the GPU was lost in the middle, with why, and which engine goes on. */
  readonly onLost?: (error: GichoError, goesOn: string) => void
  /** Wants the GPU's kernels timed. */
  readonly onProfile?: OnProfile
}

/**
 * Loads an engine; so late, because TensorFlow.js takes a while to load. Afterwards models can be built and read: their
 * weights stand on tfjs' cpu backend until the engine takes them.
 *
 * @throws GichoError `unavailable` for a backend that this machine doesn't have; UsageError for a backend of the wrong engine
 */
export async function chooseEngine(choice: EngineChoice): Promise<Engine> {
  const { engine, backend, threads, onFallback, onProfile } = choice
  if (onProfile && engine !== 'webgpu')
    throw new UsageError('--profile: only a GPU has its kernels timed. Add --engine webgpu.')
  const { enableProdMode } = await import('@tensorflow/tfjs-core')
  enableProdMode() // else tfjs advertises its native backend in the middle of a lesson
  await import('@tensorflow/tfjs-backend-cpu')
  const { availableBackends, tfjsEngine } = await import('@gicho/engine/tfjs')
  if (backend === 'webgpu' || backend === 'tensorflow') {
    // These need more than npm brings: better to know before the lesson than in its middle.
    const report = (await availableBackends()).find((one) => one.backend === backend)
    if (!report?.available) throw new GichoError('unavailable', report?.reason ?? `backend ${backend}: not available.`)
  }
  if ((engine === 'wasm' || engine === 'webgpu') && backend !== 'auto') {
    throw new UsageError(`--backend ${backend} belongs to the tfjs engine. Use --engine tfjs, or leave --backend out.`)
  }
  if (engine === 'tfjs' || backend !== 'auto') return tfjsEngine({ backend })
  const { wasmEngine } = await import('@gicho/engine/wasm')
  const compiled = wasmEngine(threads === undefined ? {} : { threads })
  const onLost = (error: GichoError, goesOn: Engine): void => choice.onLost?.(error, goesOn.name)
  if (engine === 'webgpu') return revivingEngine([await gpuEngine(choice), compiled], onLost)
  if (engine === 'wasm') return compiled
  const { availableGpu, webgpuEngine } = await import('@gicho/engine/webgpu')
  // A GPU that is lost on the way is tried again; else the CPU goes on.
  const gpu = (await availableGpu()).available ? [revivingEngine([webgpuEngine(), compiled], onLost)] : []
  const cuda = gpu.length === 0 && (await seesCuda()) ? [tfjsEngine({ backend: 'tensorflow' })] : []
  // What the GPU can't run is no news as long as the CPU's compiler can.
  return fallbackEngine([...gpu, ...cuda, compiled, tfjsEngine()], (passedOver, issues) => {
    if (passedOver === compiled) onFallback?.(issues)
  })
}

/** The GPU that was asked for by name: also one in software. @throws GichoError `unavailable` without any */
async function gpuEngine({ onSoftware, onProfile }: EngineChoice): Promise<Engine> {
  const { availableGpu, webgpuEngine } = await import('@gicho/engine/webgpu')
  const options = { allowSoftware: true }
  const { available, device = 'GPU', software, reason } = await availableGpu(options)
  if (!available) throw new GichoError('unavailable', `engine webgpu: ${reason ?? 'not available.'}`)
  if (software) onSoftware?.(device)
  return webgpuEngine(onProfile ? { ...options, onProfile } : options)
}

/** True when tfjs-node-gpu is installed and sees a GPU. TensorFlow is loaded for the question only where it is there. */
async function seesCuda(): Promise<boolean> {
  try {
    import.meta.resolve('@tensorflow/tfjs-node-gpu')
  } catch {
    return false
  }
  const { availableBackends } = await import('@gicho/engine/tfjs')
  const report = (await availableBackends()).find(({ backend }) => backend === 'tensorflow')
  return report?.available === true && /^GPU/.test(report.device ?? '')
}
