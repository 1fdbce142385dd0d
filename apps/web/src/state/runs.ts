import { signal } from '@preact/signals'
import type { KeptRun } from '../worker/keeping/run-store.ts'
import { attempt, classroom } from './classroom.ts'

/** Every run that this browser keeps, newest first. */
export const runs = signal<readonly KeptRun[]>([])

export async function refreshRuns(): Promise<void> {
  await attempt(async () => {
    runs.value = await classroom().runs()
  })
}

/** A run's name on the page. */
export function runName({ recipe, number }: Pick<KeptRun, 'recipe' | 'number'>): string {
  return `${recipe} ${number}`
}
