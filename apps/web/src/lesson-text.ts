import type { Recipe, Text } from '@gicho/core'

/** Source code to look at. */
export interface CodeFile {
  /** Its path in the recipes' sources. */
  readonly file: string
  /** Highlighted: spans with classes `hljs-…`, everything else escaped. */
  readonly html: string
}

/** A step of a lesson, as it stands on the page before it is run. */
export interface StepText {
  readonly id: string
  readonly title: Text
  /** A blank line parts two paragraphs. */
  readonly prose: Text
  readonly code: CodeFile
  /** The functions that the code calls and that several lessons share. */
  readonly helpers: readonly CodeFile[]
}

/** A lesson, as it stands on the page before anything is run: a recipe without what it takes to run it. */
export interface LessonText
  extends Pick<Recipe<never>, 'id' | 'title' | 'summary' | 'dataset' | 'fit' | 'band' | 'reference'> {
  readonly steps: readonly StepText[]
}
