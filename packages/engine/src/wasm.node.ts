import type { Engine } from '@gicho/core'
import { makeWasmEngine, type WasmEngineOptions } from './wasm/engine.ts'
import { nodePlatform } from './wasm/platform.node.ts'

export type { WasmEngineOptions } from './wasm/engine.ts'
export { explainPlan } from './wasm/explain.ts'

/**
 * The compiled engine on the CPU: a tfjs-layers model becomes a fixed plan of WebAssembly SIMD kernels on all cores.
 *
 * @throws GichoError `bad-argument` for a number of threads that isn't 1..64
 */
export function wasmEngine(options: WasmEngineOptions = {}): Engine {
  return makeWasmEngine(nodePlatform, options)
}
