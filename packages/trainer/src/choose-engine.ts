import {
  describeValue,
  type Engine,
  fallbackEngine,
  GichoError,
  type Issue,
  messageOf,
  nearestName,
  revivingEngine,
} from '@gicho/core'
import { loadTfjs, loadWasm, loadWebgpu } from './engine-package.ts'

/**
 * An engine by its name: the compiled one on the CPU (`wasm`) or on a GPU (`webgpu`), the eager one (`tfjs`), or the quickest that
 * this machine has and that can run the model (`auto`). One that is named is taken or refused.
 */
export type EngineName = 'auto' | 'wasm' | 'webgpu' | 'tfjs'

const NAMES: readonly EngineName[] = ['auto', 'wasm', 'webgpu', 'tfjs']

/**
 * The engine that an `engine` option means. Without one it is the compiled engine on the CPU, or, for a model that it can't run and
 * where it can't be started, the eager one, which is then told.
 *
 * @param where the function's name
 * @throws GichoError `bad-argument` for something that is no engine, `unavailable` without the package
 */
export async function chooseEngine(where: string, engine: unknown, warn: (message: string) => void): Promise<Engine> {
  if (engine === undefined) return cpuEngine(where, warn)
  if (isEngine(engine)) return engine
  const name = NAMES.find((known) => known === engine)
  switch (name) {
    case 'wasm':
      return loadWasm()
    case 'tfjs':
      return loadTfjs()
    case 'webgpu':
      return (await loadWebgpu()).engine
    case 'auto':
      return quickestEngine(where, warn)
    case undefined:
      throw notAnEngine(where, engine)
    default:
      return name satisfies never
  }
}

async function cpuEngine(where: string, warn: (message: string) => void): Promise<Engine> {
  const slower = `The eager engine does it, which is many times slower; with engine: 'tfjs' this is not said.`
  return fallbackEngine(
    [await loadWasm(), await loadTfjs()],
    (_, issues) => warn(`${where}: the compiled engine can't run this model (${listed(issues)}). ${slower}`),
    ([failed]) => warn(`${where}: the compiled engine could not be started (${messageOf(failed?.error)}). ${slower}`),
  )
}

/** A GPU where there is one, and when it is lost or lacks something, the CPU. */
async function quickestEngine(where: string, warn: (message: string) => void): Promise<Engine> {
  const { engine: gpu, isThere } = await loadWebgpu()
  const cpu = await cpuEngine(where, warn)
  if (!(await isThere())) return cpu
  const lost = (error: GichoError, goesOn: Engine): void =>
    warn(`${where}: ${error.message} Engine ${goesOn.name} goes on.`)
  return fallbackEngine([revivingEngine([gpu, await loadWasm()], lost), cpu], undefined, ([failed], goesOn) =>
    warn(`${where}: the GPU could not be opened (${messageOf(failed?.error)}). Engine ${goesOn.name} does it.`),
  )
}

function listed(issues: readonly Issue[]): string {
  return issues.map(({ where, message }) => `${where}: ${message.replace(/\.$/, '')}`).join('; ')
}

function isEngine(value: unknown): value is Engine {
  if (typeof value !== 'object' || value === null || !('open' in value && 'supports' in value)) return false
  return typeof value.open === 'function' && typeof value.supports === 'function'
}

function notAnEngine(where: string, engine: unknown): GichoError {
  const guess = typeof engine === 'string' ? nearestName(engine, NAMES) : undefined
  const help = guess ? ` Did you mean '${guess}'?` : ''
  const got = typeof engine === 'function' ? 'a function. Call it: wasmEngine()' : describeValue(engine)
  const expected = `${NAMES.map((name) => `'${name}'`).join(', ')} or an engine of @gicho/engine, as wasmEngine()`
  return new GichoError('bad-argument', `${where}: expected engine to be ${expected}, got ${got}.${help}`)
}
