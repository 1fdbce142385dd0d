import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { nodePort, nodeThreads } from '../threads/worker-port.node.ts'
import type { Platform } from './platform.ts'

/** Node: worker threads. */
export const nodePlatform: Platform = {
  ...nodeThreads,
  spawn: () => nodePort(new Worker(new URL('./wasm-worker.node.js', import.meta.url))),
  prepare() {
    // Node 20 has relaxed SIMD behind a flag of V8.
    setFlagsFromString('--experimental-wasm-relaxed-simd')
  },
}
