import { type Engine, GichoError, revivingEngine } from '@gicho/core'
import type { OnProfile } from '@gicho/engine/webgpu'
import { automaticEngine, type EngineListeners } from './automatic-engine.ts'
import { type Machine, thisMachine } from './machine.ts'
import { UsageError } from './usage.ts'

/** What `--engine` takes; `auto` is the fastest that this machine has and the model allows. */
export const engineNames = ['auto', 'webgpu', 'wasm', 'tfjs'] as const
export type EngineName = (typeof engineNames)[number]

/** What `--backend` takes; naming one means the tfjs engine. */
export const backendNames = ['auto', 'cpu', 'wasm', 'webgpu', 'tensorflow'] as const
export type BackendName = (typeof backendNames)[number]

/** What the user asked for, and what is to be heard of it. */
export interface EngineChoice extends EngineListeners {
  readonly engine: EngineName
  readonly backend: BackendName
  readonly threads?: number | undefined
  /** Told when the GPU that was asked for is one in software, with its name. */
  readonly onSoftware?: (device: string) => void
  /** Wants the GPU's kernels timed. */
  readonly onProfile?: OnProfile
}

/**
 * Loads an engine; so late, because TensorFlow.js takes a while to load. Afterwards models can be built and read: their
 * weights stand on tfjs' cpu backend until the engine takes them. One that was named is taken or refused.
 *
 * @throws GichoError `unavailable` for an engine or a backend that this machine doesn't have; UsageError for a backend of the wrong engine
 */
export async function chooseEngine(choice: EngineChoice, machine: Machine = thisMachine): Promise<Engine> {
  const { engine, backend, threads, onProfile, onLost } = choice
  if (onProfile && engine !== 'webgpu')
    throw new UsageError('--profile: only a GPU has its kernels timed. Add --engine webgpu.')
  if ((engine === 'wasm' || engine === 'webgpu') && backend !== 'auto') {
    throw new UsageError(`--backend ${backend} belongs to the tfjs engine. Use --engine tfjs, or leave --backend out.`)
  }
  const { enableProdMode, setBackend } = await import('@tensorflow/tfjs-core')
  enableProdMode() // else tfjs advertises its native backend in the middle of a lesson
  await import('@tensorflow/tfjs-backend-cpu')
  await setBackend('cpu')
  if (engine === 'tfjs' || backend !== 'auto') return eagerEngine(backend, machine)
  if (engine === 'wasm') return machine.wasm(threads)
  if (engine === 'auto') return automaticEngine(machine, threads, choice)
  const engines = [await gpuEngine(choice, machine), await machine.wasm(threads)]
  return revivingEngine(engines, (error, goesOn) => onLost?.(error, goesOn.name))
}

async function eagerEngine(backend: BackendName, machine: Machine): Promise<Engine> {
  if (backend === 'webgpu' || backend === 'tensorflow') {
    // These need more than npm brings: better to know before the lesson than in its middle.
    const [report] = await machine.backends({ backends: [backend] })
    if (!report?.available) throw new GichoError('unavailable', report?.reason ?? `backend ${backend}: not available.`)
  }
  return machine.tfjs({ backend })
}

/** The GPU that was asked for by name: also one in software. @throws GichoError `unavailable` without any */
async function gpuEngine({ onSoftware, onProfile }: EngineChoice, machine: Machine): Promise<Engine> {
  const options = { allowSoftware: true }
  const { available, device = 'GPU', software, reason } = await machine.gpu(options)
  if (!available) throw new GichoError('unavailable', `engine webgpu: ${reason ?? 'not available.'}`)
  if (software) onSoftware?.(device)
  return machine.webgpu(onProfile ? { ...options, onProfile } : options)
}
