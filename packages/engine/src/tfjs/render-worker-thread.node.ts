import { parentPort } from 'node:worker_threads'
import { withFailures } from '../threads/failed-answer.ts'
import { answerRenderRequests, type RenderRequest } from './render-worker.ts'

const answer = withFailures(answerRenderRequests())
parentPort?.on('message', (request: RenderRequest) => {
  const given = answer(request)
  parentPort?.postMessage(given, given.type === 'pixels' ? [given.pixels.buffer] : [])
})
