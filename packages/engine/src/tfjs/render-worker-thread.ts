import { withFailures } from '../threads/failed-answer.ts'
import { answerRenderRequests, type RenderRequest } from './render-worker.ts'

const answer = withFailures(answerRenderRequests())
self.addEventListener('message', (event: MessageEvent<RenderRequest>) => {
  const given = answer(event.data)
  self.postMessage(given, { transfer: given.type === 'pixels' ? [given.pixels.buffer] : [] })
})
