import { Worker } from 'node:worker_threads'
import { nodePort, nodeThreads } from '../threads/worker-port.node.ts'
import type { RenderPlatform } from './render-platform.ts'

/** Node: worker threads. */
export const nodeRendering: RenderPlatform = {
  ...nodeThreads,
  spawn: () => nodePort(new Worker(new URL('./render-worker.node.js', import.meta.url))),
}
