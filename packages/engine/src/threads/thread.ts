import { GichoError } from '@gicho/core'
import type { FailedAnswer } from './failed-answer.ts'
import type { WorkerPort } from './worker-port.ts'

/** One worker, spoken to in requests and answers: one answer a request, in order. */
export class Thread<Request, Answer extends { readonly type: string }> {
  readonly #engine: string
  readonly #port: WorkerPort<Request, Answer>
  readonly #waiting: { resolve: (answer: Answer) => void; reject: (error: GichoError) => void }[] = []
  #death: GichoError | undefined

  /** @param engine named in the errors */
  constructor(engine: string, port: WorkerPort<Request, Answer>) {
    this.#engine = engine
    this.#port = port
    port.onAnswer((answer) => {
      const asked = this.#waiting.shift()
      if (isFailure(answer)) asked?.reject(this.#failed(answer.message))
      else asked?.resolve(answer)
    })
    port.onDeath((reason) =>
      this.fail(
        new GichoError(
          'engine-failed',
          `engine ${engine}: a worker died: ${reason}. Open a new session and go on from the last weights.`,
        ),
      ),
    )
  }

  /** Rejects everything that is asked or will be asked. */
  fail(error: GichoError): void {
    this.#death ??= error
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  ask(request: Request): Promise<Answer> {
    if (this.#death) return Promise.reject(this.#death)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#port.post(request)
    })
  }

  async end(error: GichoError): Promise<void> {
    this.fail(error)
    await this.#port.terminate()
  }

  #failed(message: string): GichoError {
    const code = /memory|allocat/i.test(message) ? 'out-of-memory' : 'engine-failed'
    return new GichoError(code, `engine ${this.#engine}: a worker failed: ${message}.`)
  }
}

function isFailure(answer: { readonly type: string }): answer is FailedAnswer {
  return answer.type === 'failed'
}
