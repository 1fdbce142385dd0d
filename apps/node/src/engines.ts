import { type Engine, GichoError } from '@gicho/core'

/** What `--engine` takes; `auto` is the fastest that this machine has. */
export const engineNames = ['auto', 'tfjs'] as const
export type EngineName = (typeof engineNames)[number]

/** What `--backend` takes. */
export const backendNames = ['auto', 'cpu', 'wasm', 'webgpu', 'tensorflow'] as const
export type BackendName = (typeof backendNames)[number]

/**
 * Loads an engine; so late, because TensorFlow.js takes a while to load. Afterwards models can be built and read: their
 * weights stand on tfjs' cpu backend until the engine takes them.
 *
 * @throws GichoError `unavailable` for a backend that this machine doesn't have
 */
export async function chooseEngine(_name: EngineName, backend: BackendName): Promise<Engine> {
  const { enableProdMode } = await import('@tensorflow/tfjs-core')
  enableProdMode() // else tfjs advertises its native backend in the middle of a lesson
  await import('@tensorflow/tfjs-backend-cpu')
  const { availableBackends, tfjsEngine } = await import('@gicho/engine/tfjs')
  if (backend === 'webgpu' || backend === 'tensorflow') {
    // These need more than npm brings: better to know before the lesson than in its middle.
    const report = (await availableBackends()).find((one) => one.backend === backend)
    if (!report?.available) throw new GichoError('unavailable', report?.reason ?? `backend ${backend}: not available.`)
  }
  return tfjsEngine({ backend })
}
