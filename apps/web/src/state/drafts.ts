import { type Signal, signal } from '@preact/signals'
import { type NumberSetting, type Settings, settingNumber } from '../settings.ts'

/** Texts of settings that aren't taken yet; of those that can't be, it is said once the learner is done with them. */
export type Drafts = { readonly [Name in NumberSetting]?: { readonly text: string; readonly isWrong: boolean } }

/** How often a start was refused because of a setting: each time the form shows what is wrong. */
export const refusals = signal(0)

/**
 * Takes what was typed and makes sense.
 *
 * @returns false where something doesn't; it is marked, and nothing is to be run
 */
export function takeDrafts({ drafts }: { drafts: Signal<Drafts> }, take: (change: Partial<Settings>) => void): boolean {
  const wrong: [string, { text: string; isWrong: boolean }][] = []
  for (const [name, { text }] of entriesOf(drafts.value)) {
    const value = settingNumber(name, text)
    if (value === undefined) wrong.push([name, { text, isWrong: true }])
    else take({ [name]: value })
  }
  drafts.value = Object.fromEntries(wrong)
  if (wrong.length > 0) refusals.value += 1
  return wrong.length === 0
}

function entriesOf(drafts: Drafts): [NumberSetting, { text: string; isWrong: boolean }][] {
  return Object.entries(drafts) as [NumberSetting, { text: string; isWrong: boolean }][] // TypeScript takes keys for any strings
}
