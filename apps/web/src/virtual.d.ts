declare module 'virtual:lesson-texts' {
  import type { LessonText } from './lesson-text.ts'
  export const lessonTexts: readonly LessonText[]
}
