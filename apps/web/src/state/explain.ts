import { type ErrorCode, isGichoError, messageOf } from '@gicho/core'
import { NamedError } from '../remote/named-error.ts'
import { say } from './language.ts'
import type { Notice } from './notices.ts'

/** Says in the learner's language what kind of thing went wrong and what to do; the error's own words stand below. */
export function explain(error: unknown): Notice {
  const detail = messageOf(error)
  const { trouble } = say.value
  if (error instanceof NamedError) return { text: trouble[error.sentence], detail }
  return { text: isGichoError(error) ? textOf(error.code) : trouble.unknown, detail }
}

function textOf(code: ErrorCode): string {
  const { codes, unknown } = say.value.trouble
  return codes[code] ?? unknown
}
