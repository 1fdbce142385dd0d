import { type ErrorCode, GichoError } from '@gicho/core'

/** What the page has a sentence of its own for, whatever kind of error it is. */
export type Sentence =
  | 'anotherTab'
  | 'offline'
  | 'modelNotFinite'
  | 'noRun'
  | 'tooLarge'
  | 'otherVersion'
  | 'otherPicture'
  | 'noPicture'

/** An error that the page explains with one of these sentences. */
export class NamedError extends GichoError {
  readonly sentence: Sentence

  constructor(sentence: Sentence, code: ErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options)
    this.sentence = sentence
  }
}
