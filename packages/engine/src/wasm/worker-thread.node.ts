import { parentPort } from 'node:worker_threads'
import { answerRequests, type WorkerRequest } from './worker.ts'

const answer = answerRequests()
parentPort?.on('message', (request: WorkerRequest) => parentPort?.postMessage(answer(request)))
