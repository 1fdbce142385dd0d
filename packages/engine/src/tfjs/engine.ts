import { checkOptionNames, type Engine, type Issue, type TrainingJob } from '@gicho/core'
import { checkJob } from '../session/check-fit.ts'
import { isLoss, jobIssues, refuseIssues } from '../session/job-issues.ts'
import { type BackendDrivers, startBackend, type TfjsBackend } from './backend.ts'
import { finalActivations } from './loss.ts'
import { buildNetwork } from './network.ts'
import type { RenderPlatform } from './render-platform.ts'
import { EagerSession } from './session.ts'
import { findIssues } from './topology.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof TfjsEngineOptions, true>> = { backend: true, wasmPath: true }

/** Options of `tfjsEngine`. */
export interface TfjsEngineOptions {
  /** Default `auto`: a real GPU by WebGPU, else one by TensorFlow, else wasm, else cpu. */
  readonly backend?: TfjsBackend
  /** Where tfjs-backend-wasm's `.wasm` files lie: a URL ending in `/`. Only a browser needs it; Node finds them itself. */
  readonly wasmPath?: string
}

/** An eager engine over the backends of an environment, and its workers for augmented training. */
export function makeEngine(
  drivers: BackendDrivers,
  rendering: RenderPlatform,
  options: TfjsEngineOptions = {},
): Engine {
  checkOptionNames('tfjsEngine', options, NAMES)
  return {
    name: 'tfjs',
    supports,
    async open(job, data) {
      refuseIssues('tfjs', supports(job))
      checkJob(job)
      const backend = await startBackend(drivers, options.backend ?? 'auto', options.wasmPath)
      const network = await buildNetwork(backend, job)
      try {
        return new EagerSession(backend, network, job, data, rendering)
      } catch (error) {
        backend.run(() => network.dispose())
        throw error
      }
    },
  }
}

function supports(job: TrainingJob): Issue[] {
  const end = isLoss(job.loss) ? finalActivations[job.loss] : undefined
  return [...findIssues(job.model.topology, end), ...jobIssues(job)]
}
