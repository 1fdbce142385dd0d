import { type Engine, fallbackEngine, GichoError } from '@gicho/core'
import type { EngineId } from '../settings.ts'
import { firstLastingEngine, lastingEngine, type OnLost } from './lasting-engine.ts'

/** Why an engine isn't there, or is slower than it could be; the page has a sentence for each. */
type EngineReason = 'no-webgpu' | 'no-adapter' | 'software-gpu' | 'not-isolated' | 'not-shared' | 'failed'

/** What this machine makes of an engine. */
export interface EngineReport {
  readonly id: Exclude<EngineId, 'auto'>
  readonly available: boolean
  readonly threads: number
  /** The device in words; empty where the engine doesn't know before it runs. */
  readonly device: string
  readonly reason?: EngineReason
}

/** True for what `auto` may take: the CPU itself is quicker than a GPU that it emulates. */
function isTakenByItself({ available, reason }: Omit<EngineReport, 'id'>): boolean {
  return available && reason !== 'software-gpu'
}

interface EngineEntry {
  readonly id: Exclude<EngineId, 'auto'>
  report(): Promise<Omit<EngineReport, 'id'>>
  /** Loads the engine's code. */
  make(): Promise<Engine>
}

/** tfjs' WebAssembly files; put in place while the site is built. */
declare const __TFJS_WASM_FOLDER__: string

/** The address of a folder beside the page; a worker's own address is in `assets/`. */
export const siteFolder = (path: string): string =>
  new URL(import.meta.env.DEV ? `/${path}/` : `../${path}/`, self.location.href).href

/**
 * Every engine of this site, fastest first: `auto` takes the first that is there and knows the model. Another engine is one more
 * entry here, its id in `settings.ts` and its words in `words/`.
 */
const entries: readonly EngineEntry[] = [
  {
    id: 'webgpu',
    report: webgpuHere,
    // Who names it may have a GPU that the CPU emulates; `auto` passes that over.
    make: async () => (await import('@gicho/engine/webgpu')).webgpuEngine({ allowSoftware: true }),
  },
  {
    id: 'wasm',
    report: async () => ({ available: true, device: 'CPU', ...threadsHere() }),
    make: makeCpu,
  },
  {
    id: 'tfjs-webgpu',
    report: webgpuHere,
    make: async () => (await import('@gicho/engine/tfjs')).tfjsEngine({ backend: 'webgpu' }),
  },
  {
    id: 'tfjs-wasm',
    report: async () => ({ available: true, device: 'CPU', ...threadsHere() }),
    make: async () => {
      const { tfjsEngine } = await import('@gicho/engine/tfjs')
      return tfjsEngine({ backend: 'wasm', wasmPath: siteFolder(__TFJS_WASM_FOLDER__) })
    },
  },
]

/** What this machine makes of every engine, fastest first, and which of them `auto` takes. */
export async function reportEngines(): Promise<{ engines: EngineReport[]; automatic: EngineReport | undefined }> {
  const engines = await Promise.all(entries.map(async ({ id, report }) => ({ id, ...(await report()) })))
  return { engines, automatic: engines.find(isTakenByItself) }
}

/**
 * The engine of a choice. One that was named is taken or refused; `auto` goes on to the next for a model that it can't run.
 *
 * @param onLost with it a lost device is no end: a new one goes on, or the CPU, and this is told
 * @throws GichoError `unavailable` when a named one isn't there
 */
export async function chooseEngine(choice: EngineId, onLost?: OnLost): Promise<Engine> {
  if (choice !== 'auto') {
    const entry = entries.find(({ id }) => id === choice)
    const report = await entry?.report()
    if (entry && report?.available) {
      const engine = await entry.make()
      return onLost ? lastingEngine(engine, choice === 'wasm' ? [] : [await makeCpu()], onLost) : engine
    }
    throw new GichoError(
      'unavailable',
      `engine ${choice}: this browser doesn't have it (${report?.reason}). Choose auto.`,
    )
  }
  const there: EngineEntry[] = []
  for (const entry of entries) if (isTakenByItself(await entry.report())) there.push(entry)
  const engines = await Promise.all(there.map((entry) => entry.make()))
  return onLost ? firstLastingEngine(engines, onLost) : fallbackEngine(engines)
}

/** Every browser of the last years has it. */
async function makeCpu(): Promise<Engine> {
  return (await import('@gicho/engine/wasm')).wasmEngine()
}

function threadsHere(): Pick<EngineReport, 'threads' | 'reason'> {
  if (!self.crossOriginIsolated) return { threads: 1, reason: 'not-isolated' }
  if (typeof SharedArrayBuffer === 'undefined') return { threads: 1, reason: 'not-shared' }
  return { threads: navigator.hardwareConcurrency || 1 }
}

async function webgpuHere(): Promise<Omit<EngineReport, 'id'>> {
  const missing = (reason: EngineReason) => ({ available: false, threads: 0, device: '', reason })
  const gpu: GpuLike | undefined = 'gpu' in navigator ? (navigator.gpu as GpuLike) : undefined
  if (!gpu) return missing('no-webgpu')
  try {
    const adapter = await gpu.requestAdapter()
    if (!adapter) return missing('no-adapter')
    const { vendor = '', architecture = '', description = '', isFallbackAdapter = false } = adapter.info ?? {}
    const device = description || [vendor, architecture].filter(Boolean).join(' ') || 'GPU'
    const software = isFallbackAdapter || /swiftshader|llvmpipe|basic render/i.test(`${device} ${architecture}`)
    return { available: true, threads: 0, device, ...(software ? { reason: 'software-gpu' } : {}) }
  } catch {
    return missing('failed')
  }
}

/** The part of WebGPU that is asked here; TypeScript's DOM library doesn't have it yet. */
interface GpuLike {
  requestAdapter(): Promise<{
    readonly info?: {
      readonly vendor?: string
      readonly architecture?: string
      readonly description?: string
      readonly isFallbackAdapter?: boolean
    }
  } | null>
}
