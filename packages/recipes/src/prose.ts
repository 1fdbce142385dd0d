import type { Text } from '@gicho/core'

/** What a step tells the learner. A blank line parts two paragraphs. */
export interface StepText {
  readonly title: Text
  readonly prose: Text
}

/** Joins paragraphs, so that a text can stand in the source in lines of readable length. */
export function paragraphs(...texts: readonly (readonly string[])[]): string {
  return texts.map((lines) => lines.join(' ')).join('\n\n')
}
