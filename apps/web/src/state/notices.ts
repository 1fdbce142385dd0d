import { signal } from '@preact/signals'

/** A sentence for the learner about something that went wrong, and a way on; or that something went well. */
export interface Notice {
  readonly kind?: 'good'
  readonly text: string
  /** Details in English, as errors are everywhere, so that they can be searched for. */
  readonly detail?: string
  readonly action?: { readonly label: string; run(): void }
}

export const notices = signal<readonly Notice[]>([])

/** Shows a notice; the same one twice is one. */
export function notify(notice: Notice): void {
  const known = notices.value.some(({ text, detail }) => text === notice.text && detail === notice.detail)
  if (!known) notices.value = [...notices.value, notice]
}

/** What went well is of no interest in another place. */
export function dismissGood(): void {
  notices.value = notices.value.filter(({ kind }) => kind !== 'good')
}

export function dismiss(notice: Notice): void {
  notices.value = notices.value.filter((each) => each !== notice)
}
