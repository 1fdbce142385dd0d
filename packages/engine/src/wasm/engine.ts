import { type Engine, GichoError, type Issue, type TrainingJob } from '@gicho/core'
import { readGraph } from '../graph/read-graph.ts'
import { lossRules } from '../ops/losses.ts'
import { hasRelaxedSimd } from './kernels-module.ts'
import { Machine } from './machine.ts'
import type { Platform } from './platform.ts'
import { type SessionOptions, WasmSession } from './session.ts'

/** Options of `wasmEngine`. */
export interface WasmEngineOptions extends SessionOptions {
  /** Default: the cores that the machine really offers; one where memory can't be shared. */
  readonly threads?: number
  /** False forces the build without relaxed SIMD; for comparisons. */
  readonly relaxedSimd?: boolean
  /** False forces one thread on unshared memory, as in a page without cross-origin isolation; for comparisons. */
  readonly sharedMemory?: boolean
}

const MAX_THREADS = 64

/** The compiled engine on a platform's threads. */
export function makeWasmEngine(platform: Platform, options: WasmEngineOptions = {}): Engine {
  const { threads } = options
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS)) {
    throw new GichoError('bad-argument', `threads: expected a whole number from 1 to ${MAX_THREADS}, got ${threads}.`)
  }
  return {
    name: 'wasm',
    supports,
    async open(job, data) {
      const { graph } = readGraph(job.model, lossRules[job.loss]?.takes)
      const issues = supports(job)
      if (issues.length > 0 || !graph) {
        const list = issues.map(({ where, message }) => `${where}: ${message}`).join('\n')
        throw new GichoError('unsupported', `engine wasm can't train this model.\n${list}`)
      }
      if (!hasRelaxedSimd()) platform.prepare()
      const shared = options.sharedMemory !== false && platform.sharesMemory()
      const relaxed = options.relaxedSimd !== false && hasRelaxedSimd()
      const count = shared ? Math.min(MAX_THREADS, threads ?? platform.cores()) : 1
      const machine = await Machine.start(platform, { threads: count, shared, relaxed })
      try {
        return await WasmSession.open(machine, job, graph, data, options)
      } catch (error) {
        await machine.dispose()
        throw error
      }
    },
  }
}

function supports(job: TrainingJob): Issue[] {
  const rule = Object.entries(lossRules).find(([name]) => name === job.loss)?.[1]
  const issues = [...readGraph(job.model, rule?.takes).issues, ...optimizerIssues(job)]
  if (!rule) issues.push({ where: 'loss', message: `${String(job.loss)} isn't compiled` })
  const { labelSmoothing = 0 } = job
  if (!(labelSmoothing >= 0 && labelSmoothing < 1))
    issues.push({ where: 'labelSmoothing', message: `expected a number in [0, 1), got ${labelSmoothing}` })
  else if (labelSmoothing > 0 && rule?.takes === 'linear')
    issues.push({ where: 'labelSmoothing', message: `${job.loss} knows no label smoothing` })
  return issues
}

function optimizerIssues({ optimizer }: TrainingJob): Issue[] {
  const { clipNorm, globalClipNorm, clipValue, accumulationSteps = 1 } = optimizer
  const where = 'optimizer'
  const clips = [clipNorm, globalClipNorm, clipValue].flatMap((clip) => (clip === undefined ? [] : [clip]))
  const issues: Issue[] = []
  if (clips.length > 1)
    issues.push({ where, message: 'expected at most one of clipNorm, globalClipNorm and clipValue' })
  const wrong = clips.find((clip) => !(clip > 0 && Number.isFinite(clip)))
  if (wrong !== undefined) issues.push({ where, message: `expected a clip above 0, got ${wrong}` })
  if (!Number.isInteger(accumulationSteps) || accumulationSteps < 1)
    issues.push({ where, message: `expected whole accumulationSteps >= 1, got ${accumulationSteps}` })
  return issues
}
