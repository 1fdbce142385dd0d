/* For tests only: machines with and without GPUs. */
import type { Engine, Session } from '@gicho/core'
import type { BackendReport } from '@gicho/engine/tfjs'
import type { Machine } from '../src/machine.ts'

/** What a machine has; an error stands for a device that is there and can't be opened. */
export interface Parts {
  readonly gpu?: string | Error
  /** True where a TensorFlow with CUDA is set up. */
  readonly cuda?: boolean
  /** What TensorFlow says of its device: "GPU, libtensorflow" or the CPU's name. */
  readonly tensorflow?: string
}

/** An engine that only says its name, on a device of that name. */
export function fakeEngine(name: string, failure?: Error): Engine {
  const array = async () => []
  const session: Partial<Session> = {
    device: { backend: name, name, threads: 1 },
    readWeights: array,
    readOptimizer: array,
    dispose: async () => undefined,
  }
  return { name, supports: () => [], open: async () => (failure ? Promise.reject(failure) : (session as Session)) }
}

export function fakeMachine({ gpu, cuda = false, tensorflow }: Parts): Machine {
  const backends: BackendReport[] = [
    tensorflow === undefined
      ? { backend: 'tensorflow', available: false, device: '', reason: 'backend tensorflow: is not installed.' }
      : { backend: 'tensorflow', available: true, device: tensorflow },
    { backend: 'cpu', available: true, device: 'A CPU, plain JavaScript' },
  ]
  return {
    gpu: async ({ opens = false } = {}) => {
      if (gpu === undefined) return { available: false, reason: 'no GPU adapter was found.' }
      if (typeof gpu === 'string') return { available: true, device: gpu, software: false }
      return opens ? { available: false, reason: gpu.message } : { available: true, device: 'GPU', software: false }
    },
    hasCudaTensorflow: async () => cuda,
    tensorflow: async () => (cuda ? [{ part: 'wheel', ok: true, text: 'TensorFlow 2.21.0' }] : []),
    backends: async (search) => backends.filter(({ backend }) => search?.backends?.includes(backend) ?? true),
    webgpu: async () => fakeEngine('webgpu', gpu instanceof Error ? gpu : undefined),
    wasm: async () => fakeEngine('wasm'),
    tfjs: async ({ backend = 'auto' } = {}) => fakeEngine(`tfjs ${backend}`),
  }
}
