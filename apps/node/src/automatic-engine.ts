/*
 * What `--engine auto` takes: a real GPU by WebGPU, else one by TensorFlow's CUDA, else the CPU's compiled engine, else tfjs. A GPU
 * that can't be opened, or is lost on the way, is never the end of a run: the next one goes on.
 */
import { type Engine, fallbackEngine, GichoError, type Issue, messageOf, revivingEngine } from '@gicho/core'
import type { BackendReport } from '@gicho/engine/tfjs'
import type { GpuReport } from '@gicho/engine/webgpu'
import type { Machine } from './machine.ts'

/** Who wants to hear what `auto` does. */
export interface EngineListeners {
  /** Told when a model is passed on to the eager engine, with what the compiled one can't run. */
  readonly onFallback?: (issues: readonly Issue[]) => void
  /** Told when a GPU couldn't be opened, with why, and which engine trains. */
  readonly onUnopened?: (reason: string, goesOn: string) => void
  /** Told when the GPU was lost in the middle, with why, and which engine goes on. */
  readonly onLost?: (error: GichoError, goesOn: string) => void
}

/** The engine of `auto`. */
export async function automaticEngine(
  machine: Machine,
  threads: number | undefined,
  { onFallback, onUnopened, onLost }: EngineListeners,
): Promise<Engine> {
  const compiled = await machine.wasm(threads)
  const gpu = (await machine.gpu()).available
    ? [revivingEngine([await machine.webgpu(), compiled], (error, goesOn) => onLost?.(error, goesOn.name))]
    : []
  const cuda = (await machine.hasCudaTensorflow()) ? [await cudaEngine(machine)] : []
  return fallbackEngine(
    [...gpu, ...cuda, compiled, await machine.tfjs()],
    // What the GPU can't run is no news as long as the CPU's compiler can.
    (passedOver, issues) => passedOver === compiled && onFallback?.(issues),
    ([first], goesOn) => onUnopened?.(messageOf(first?.error), goesOn.name),
  )
}

/** The engine that {@link automaticEngine} begins with, by what a machine has. */
export function automaticName(
  hasCudaTensorflow: boolean,
  gpu: GpuReport,
  tensorflow: BackendReport | undefined,
): 'webgpu' | 'tfjs' | 'wasm' {
  if (gpu.available && !gpu.software) return 'webgpu'
  return hasCudaTensorflow && runsOnGpu(tensorflow) ? 'tfjs' : 'wasm'
}

/** TensorFlow as far as it sees a GPU: without its CUDA it would run on the CPU in silence. It is asked when it is needed: TensorFlow takes seconds to load. */
async function cudaEngine(machine: Machine): Promise<Engine> {
  const engine = await machine.tfjs({ backend: 'tensorflow' })
  return {
    name: engine.name,
    supports: (job) => engine.supports(job),
    async open(job, data) {
      const [report] = await machine.backends({ backends: ['tensorflow'] })
      if (runsOnGpu(report)) return engine.open(job, data)
      const why = report?.reason ?? 'TensorFlow sees no GPU here. gicho doctor says what is missing.'
      throw new GichoError('unavailable', why)
    },
  }
}

function runsOnGpu(tensorflow: BackendReport | undefined): boolean {
  return tensorflow?.available === true && tensorflow.device.startsWith('GPU')
}
