import { checkOptionNames, type Engine, GichoError } from '@gicho/core'
import { checkJob } from '../session/check-fit.ts'
import { checkWasm } from '../session/needs-wasm.ts'
import { compile, findIssues } from './compile.ts'
import { hasRelaxedSimd } from './kernels-module.ts'
import { Machine } from './machine.ts'
import type { Platform } from './platform.ts'
import type { SessionOptions } from './separate-update.ts'
import { WasmSession } from './session.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof WasmEngineOptions, true>> = {
  threads: true,
  relaxedSimd: true,
  sharedMemory: true,
  onGradients: true,
}

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
  checkOptionNames('wasmEngine', options, NAMES)
  const { threads } = options
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS)) {
    throw new GichoError('bad-argument', `threads: expected a whole number from 1 to ${MAX_THREADS}, got ${threads}.`)
  }
  return {
    name: 'wasm',
    supports: findIssues,
    async open(job, data) {
      const graph = compile(job)
      checkJob(job)
      checkWasm('engine wasm')
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
