import { signal } from '@preact/signals'

/** A sentence for the learner about something that went wrong, and a way on; or that something went well. */
export interface Notice {
  readonly kind?: 'good'
  readonly text: string
  /** Details in English, as errors are everywhere, so that they can be searched for. */
  readonly detail?: string
  /** The lesson whose link it is about; in another place it goes. */
  readonly lesson?: string
  readonly action?: { readonly label: string; run(): void }
}

export const notices = signal<readonly Notice[]>([])

/** Shows a notice, before those that are there; the same one twice is one. */
export function notify(notice: Notice): void {
  const known = notices.value.some(({ text, detail }) => text === notice.text && detail === notice.detail)
  if (!known) notices.value = [notice, ...notices.value]
}

/** What went well, and what another lesson's link said, is of no interest in a new place. @param here its lesson */
export function dismissPassed(here: string | undefined): void {
  notices.value = notices.value.filter(
    ({ kind, lesson }) => kind !== 'good' && (lesson === undefined || lesson === here),
  )
}

export function dismiss(notice: Notice): void {
  notices.value = notices.value.filter((each) => each !== notice)
}
