// What a worker does: makes its instance over the memory that it is given, and runs its share of programs on demand.

import { type FailedAnswer, withFailures } from '../threads/failed-answer.ts'

/** Host to worker. */
export type WorkerRequest =
  | {
      readonly type: 'start'
      readonly module: WebAssembly.Module
      readonly memory: WebAssembly.Memory | { readonly pages: number }
    }
  | { readonly type: 'run'; readonly arguments: readonly number[] }
  /** The rest is for a worker that owns unshared memory. */
  | { readonly type: 'grow'; readonly pages: number }
  | { readonly type: 'write'; readonly address: number; readonly bytes: Uint8Array }
  | { readonly type: 'read'; readonly address: number; readonly size: number }

/** Worker to host: one answer a request, in order. */
export type WorkerAnswer = { readonly type: 'done' } | { readonly type: 'bytes'; readonly bytes: Uint8Array }

type RunFunction = (...words: readonly number[]) => void

/** Answers requests one after another. */
export function answerRequests(): (request: WorkerRequest) => WorkerAnswer | FailedAnswer {
  let run: RunFunction | undefined
  let memory: WebAssembly.Memory | undefined
  const bytesOf = (owned: WebAssembly.Memory | undefined): Uint8Array =>
    new Uint8Array(owned?.buffer ?? new ArrayBuffer(0))

  function answer(request: WorkerRequest): WorkerAnswer {
    switch (request.type) {
      case 'start': {
        memory =
          'pages' in request.memory
            ? new WebAssembly.Memory({ initial: request.memory.pages, maximum: 65536 })
            : request.memory
        const instance = new WebAssembly.Instance(request.module, { env: { memory } })
        const exported = instance.exports.run
        if (typeof exported === 'function') run = (...words) => exported(...words)
        return { type: 'done' }
      }
      case 'run':
        run?.(...request.arguments)
        return { type: 'done' }
      case 'grow':
        memory?.grow(request.pages)
        return { type: 'done' }
      case 'write':
        bytesOf(memory).set(request.bytes, request.address)
        return { type: 'done' }
      case 'read':
        return { type: 'bytes', bytes: bytesOf(memory).slice(request.address, request.address + request.size) }
      default:
        return request satisfies never
    }
  }

  return withFailures(answer)
}
