import { lessonTexts } from 'virtual:lesson-texts'
import { computed, signal } from '@preact/signals'
import type { LessonText } from '../lesson-text.ts'

const hash = signal(location.hash)
addEventListener('hashchange', () => {
  hash.value = location.hash
})

/** The part of the address after `#/`: works on any static host. */
const path = computed(() => hash.value.replace(/^#\/?/, ''))

/** What the address calls the lesson, as people may write it, too: `MNIST/`. */
const named = computed(() => (path.value.split('?')[0] ?? '').replace(/\/+$/, ''))

/** The lesson that the address names; undefined is the front page. */
export const lesson = computed<LessonText | undefined>(() =>
  lessonTexts.find((text) => text.id === named.value.toLowerCase()),
)

/** What the address calls a lesson that this site doesn't have; empty where it names one, or none. */
export const unknownLesson = computed(() => (lesson.value ? '' : named.value))

/** The settings that the address carries. */
export const query = computed(() => path.value.split('?')[1] ?? '')

/** The address of a lesson. */
export function lessonLink(id: string, settings = ''): string {
  return settings === '' ? `#/${id}` : `#/${id}?${settings}`
}

/** Changes the address without a new entry in the browser's history. */
export function replaceLink(link: string): void {
  if (link === location.hash) return
  history.replaceState(null, '', link)
  hash.value = location.hash
}
