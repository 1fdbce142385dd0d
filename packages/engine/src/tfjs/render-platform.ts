import { pagePort, pageThreads, type WorkerPlatform } from '../threads/worker-port.ts'
import type { RenderAnswer, RenderRequest } from './render-worker.ts'

/** Where batches are rendered. */
export type RenderPlatform = WorkerPlatform<RenderRequest, RenderAnswer>

/** Browsers: module workers. */
export const browserRendering: RenderPlatform = {
  ...pageThreads,
  spawn: () => pagePort(new Worker(new URL('./render-worker.js', import.meta.url), { type: 'module' })),
}
