import { signal } from '@preact/signals'
import type { KeptRun } from '../worker/keeping/run-store.ts'
import type { ListedRun } from '../worker/storeroom.ts'
import { attempt, classroom } from './classroom.ts'

/** Every run that this browser keeps, newest first. */
export const runs = signal<readonly ListedRun[]>([])

/** While some tab trains, its runs are looked at again: a tab that is closed says nothing. */
const LOOK_AGAIN_MS = 2000
let lookingAgain: ReturnType<typeof setTimeout> | undefined

export async function refreshRuns(): Promise<void> {
  clearTimeout(lookingAgain)
  await attempt(async () => {
    runs.value = await classroom().runs()
  })
  if (runs.value.some(({ isUnderWay }) => isUnderWay)) {
    lookingAgain = setTimeout(() => void refreshRuns(), LOOK_AGAIN_MS)
  }
}

/** Tabs and windows of this site that are open side by side tell each other. */
const otherTabs = new BroadcastChannel('gicho-runs')
otherTabs.addEventListener('message', () => void refreshRuns())

/** Shows the runs as they are now, here and in other tabs. */
export async function runsChanged(): Promise<void> {
  otherTabs.postMessage('changed')
  await refreshRuns()
}

// Another tab may have trained meanwhile.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void refreshRuns()
})

/** A run's name on the page. */
export function runName({ recipe, number }: Pick<KeptRun, 'recipe' | 'number'>): string {
  return `${recipe} ${number}`
}
