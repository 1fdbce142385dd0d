import { answerRequests, type WorkerRequest } from './worker.ts'

const answer = answerRequests()
self.addEventListener('message', (event: MessageEvent<WorkerRequest>) => self.postMessage(answer(event.data)))
