import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { formatMetric } from '../state/format.ts'
import { say } from '../state/language.ts'
import { runName, runs } from '../state/runs.ts'
import type { KeptRun } from '../worker/keeping/run-store.ts'

/** The model that is asked: the newest of the lesson, or another that the learner chose. */
export function useModelChoice(recipe: string): { run: KeptRun | undefined; picker: JSX.Element | null } {
  const chosen = useSignal('')
  const all = runs.value.filter(({ card }) => card.model !== undefined)
  const own = all.filter((run) => run.recipe === recipe)
  const offered = recipe === 'asl-deploy' ? all : own
  const run = offered.find((each) => runName(each) === chosen.value) ?? offered[0]
  const picker =
    offered.length > 1 ? (
      <label class="model-choice">
        {say.value.trying.model}{' '}
        <select value={run && runName(run)} onChange={({ currentTarget }) => (chosen.value = currentTarget.value)}>
          {offered.map((each) => (
            <option key={runName(each)} value={runName(each)}>
              {runName(each)} ({formatMetric(each.card.history.at(-1)?.val_accuracy)})
            </option>
          ))}
        </select>
      </label>
    ) : null
  return { run, picker }
}
