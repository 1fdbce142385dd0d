import { attempt, classroom } from '../state/classroom.ts'
import { changeSettings, type LessonState, runUntil } from '../state/lesson-state.ts'
import { refreshRuns } from '../state/runs.ts'
import type { KeptRun } from '../worker/keeping/run-store.ts'

/** Goes on with an interrupted run, with the settings that it was started with; the engine may be another. */
export async function resumeRun(state: LessonState, run: KeptRun): Promise<void> {
  const isBegun = await attempt(async () => {
    const { engine } = state.settings.value
    const settings = await classroom().settingsOf(run)
    changeSettings(state, { ...settings, engine })
    await runUntil(state, 'train', run)
  })
  if (!isBegun) await refreshRuns() // it may be gone
}
