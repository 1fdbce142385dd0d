import { type Engine, GichoError, type Issue, type TrainingJob } from '@gicho/core'
import { type BackendDrivers, startBackend, type TfjsBackend } from './backend.ts'
import { buildNetwork, knownOptimizer } from './network.ts'
import { EagerSession } from './session.ts'
import { findIssues } from './topology.ts'

/** Options of `tfjsEngine`. */
export interface TfjsEngineOptions {
  /** Default `auto`: tensorflow where it is installed, else a real GPU by WebGPU, else wasm, else cpu. */
  readonly backend?: TfjsBackend
  /** Where tfjs-backend-wasm's `.wasm` files lie: a URL ending in `/`. Only a browser needs it; Node finds them itself. */
  readonly wasmPath?: string
}

/** An eager engine over the backends of an environment. */
export function makeEngine(drivers: BackendDrivers, options: TfjsEngineOptions = {}): Engine {
  return {
    name: 'tfjs',
    supports,
    async open(job, data) {
      const issues = supports(job)
      if (issues.length > 0) {
        const list = issues.map(({ where, message }) => `${where}: ${message}`).join('\n')
        throw new GichoError('unsupported', `engine tfjs can't train this model.\n${list}`)
      }
      checkJob(job)
      const backend = await startBackend(drivers, options.backend ?? 'auto', options.wasmPath)
      const network = await buildNetwork(backend, job)
      try {
        return new EagerSession(backend, network, job, data)
      } catch (error) {
        backend.run(() => network.dispose())
        throw error
      }
    },
  }
}

function supports(job: TrainingJob): Issue[] {
  const issues = findIssues(job.model.topology)
  if (job.loss !== 'categoricalCrossentropy' && job.loss !== 'sparseCategoricalCrossentropy') {
    issues.push({ where: 'loss', message: `expected categoricalCrossentropy, got ${String(job.loss)}.` })
  }
  if (job.labelSmoothing) issues.push({ where: 'labelSmoothing', message: 'expected none: the wasm engine has it.' })
  const { clipNorm, globalClipNorm, clipValue, accumulationSteps = 1 } = job.optimizer
  if ((clipNorm ?? globalClipNorm ?? clipValue) !== undefined || accumulationSteps !== 1) {
    issues.push({ where: 'optimizer', message: 'expected no clip and no accumulation: the wasm engine has them.' })
  }
  if (!knownOptimizer(job.optimizer)) {
    issues.push({
      where: 'optimizer',
      message: `expected rmsprop, sgd, adam or adamw, got ${String(job.optimizer.name)}.`,
    })
  }
  return issues
}

function checkJob({ batchSize, seed }: TrainingJob): void {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new GichoError('bad-argument', `batchSize: expected a whole number >= 1, got ${batchSize}.`)
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new GichoError('bad-argument', `seed: expected a whole number from 0 to 4294967295, got ${seed}.`)
  }
}
