/** What a worker answers when it can't do what it was asked. */
export interface FailedAnswer {
  readonly type: 'failed'
  readonly message: string
}

/** The same answers; where there would be an error, its message is one. */
export function withFailures<Request, Answer>(
  answer: (request: Request) => Answer,
): (request: Request) => Answer | FailedAnswer {
  return (request) => {
    try {
      return answer(request)
    } catch (error) {
      return { type: 'failed', message: error instanceof Error ? error.message : String(error) }
    }
  }
}
