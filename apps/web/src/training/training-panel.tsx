import type { JSX } from 'preact'
import { NoticeCard } from '../frame/notices.tsx'
import { attempt, classroom } from '../state/classroom.ts'
import { deviceName, engineName, say } from '../state/language.ts'
import { type LessonState, runUntil } from '../state/lesson-state.ts'
import { runName, runs } from '../state/runs.ts'
import { Curves } from './curves.tsx'
import { EngineTable } from './engine-table.tsx'
import { LiveNumbers } from './live-numbers.tsx'
import { resumeRun } from './resume.ts'
import { SettingsForm } from './settings-form.tsx'

/** Training: settings, hands on it, numbers and curves while it runs. */
export function TrainingPanel({ state }: { state: LessonState }): JSX.Element {
  const { phase, run, trouble } = state.training.value
  const words = say.value.training
  return (
    <div class="training" data-phase={phase}>
      <Resumable state={state} />
      <SettingsForm state={state} />
      <Buttons state={state} />
      <div role="status">{trouble && <NoticeCard notice={trouble} />}</div>
      {run && <p class="faint">{words.on(engineName(run.engine), deviceName(run.device))}</p>}
      {phase !== 'idle' && <LiveNumbers state={state} />}
      <Curves state={state} />
      <EngineTable state={state} />
    </div>
  )
}

function Buttons({ state }: { state: LessonState }): JSX.Element {
  const { phase } = state.training.value
  const { id } = state.text
  const words = say.value.training
  const tell = (method: 'pause' | 'go' | 'step' | 'stop') => () => void attempt(() => classroom()[method](id))
  const isUnderWay = phase === 'training' || phase === 'paused'
  if (!isUnderWay) {
    const isStarting = phase === 'starting'
    const label = isStarting ? words.starting : phase === 'ended' ? words.startAgain : words.start
    return (
      <div class="run-line">
        <button type="button" class="primary" disabled={isStarting} onClick={() => void runUntil(state, 'train')}>
          {isStarting ? <span class="spinner" aria-hidden="true" /> : <span aria-hidden="true">▶</span>} {label}
        </button>
      </div>
    )
  }
  return (
    <div class="run-line">
      <button type="button" class="primary" onClick={tell(phase === 'paused' ? 'go' : 'pause')}>
        {phase === 'paused' ? words.go : words.pause}
      </button>
      <button type="button" onClick={tell('step')}>
        {words.step}
      </button>
      <button type="button" onClick={tell('stop')}>
        {words.stop}
      </button>
    </div>
  )
}

/** A run of this lesson that was cut off, and the way on. */
function Resumable({ state }: { state: LessonState }): JSX.Element | null {
  const run = runs.value.find(({ recipe, resumable }) => recipe === state.text.id && resumable)
  const words = say.value.training
  const { phase } = state.training.value
  if (!run || (phase !== 'idle' && phase !== 'ended')) return null
  return (
    <div class="notice" data-kind="resume">
      <p>{words.resumable(runName(run), run.card.history.length, run.card.epochs)}</p>
      <button type="button" onClick={() => void resumeRun(state, run)}>
        {words.resume}
      </button>
    </div>
  )
}
