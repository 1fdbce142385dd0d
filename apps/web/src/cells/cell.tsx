import type { ComponentChildren, JSX } from 'preact'
import { Explainer } from '../explaining/explainer.tsx'
import { NoticeCard } from '../frame/notices.tsx'
import type { StepText } from '../lesson-text.ts'
import { Output } from '../outputs/output.tsx'
import { loading } from '../state/classroom.ts'
import { formatMs, formatShare } from '../state/format.ts'
import { inLanguage, say } from '../state/language.ts'
import { type LessonState, runUntil } from '../state/lesson-state.ts'
import { isUnderWay } from '../state/training-state.ts'
import { CodeView } from './code-view.tsx'

/** One step of a lesson: what it is about, its code, a button, and what came out. */
export function Cell(props: {
  state: LessonState
  step: StepText
  number: number
  /** What a step has besides: before its output, and behind it. */
  children?: ComponentChildren
  behind?: ComponentChildren
}): JSX.Element {
  const { state, step, number, children, behind } = props
  const status = state.cells.get(step.id)?.value.status
  return (
    <section class="cell" id={`${state.text.id}-${step.id}`} data-status={status} data-step={step.id}>
      <h2 tabIndex={-1}>
        <span class="number" aria-hidden="true">
          {number}
        </span>
        {inLanguage(step.title)}
      </h2>
      <Prose text={inLanguage(state.prose.value[step.id] ?? step.prose)} />
      <Explainer recipe={state.text.id} step={step.id} />
      <CodeView code={step.code} helpers={step.helpers} />
      {step.id !== 'train' && <RunLine state={state} step={step} />}
      {children}
      <Outputs state={state} step={step} />
      {behind}
    </section>
  )
}

/** A blank line parts two paragraphs. */
export function Prose({ text }: { text: string }): JSX.Element {
  return (
    <div class="prose">
      {text.split('\n\n').map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </div>
  )
}

function RunLine({ state, step }: { state: LessonState; step: StepText }): JSX.Element {
  const cell = state.cells.get(step.id)?.value
  const words = say.value.cell
  const isBusy = cell?.status === 'running' || cell?.status === 'waiting'
  const isTraining = isUnderWay(state.training.value)
  return (
    <div class="run-line">
      <button type="button" class="run" disabled={isBusy || isTraining} onClick={() => void runUntil(state, step.id)}>
        <span aria-hidden="true">▶</span> {cell?.status === 'done' ? words.again : words.run}
        <span class="hidden">: {inLanguage(step.title)}</span>
      </button>
      <span class="faint" role="status">
        <Status state={state} step={step} />
      </span>
    </div>
  )
}

function Status({ state, step }: { state: LessonState; step: StepText }): JSX.Element | null {
  const cell = state.cells.get(step.id)?.value
  const words = say.value.cell
  if (cell?.status === 'waiting') return <>{words.waiting}</>
  if (cell?.status === 'done') return <>{words.done(formatMs(cell.milliseconds))}</>
  if (cell?.status !== 'running') return null
  const file = loading.value
  const share = file?.share === undefined ? '' : formatShare(file.share, 0)
  return (
    <>
      <span class="spinner" aria-hidden="true" /> {file ? words.loading(file.file, share) : words.running}
    </>
  )
}

function Outputs({ state, step }: { state: LessonState; step: StepText }): JSX.Element | null {
  const cell = state.cells.get(step.id)?.value
  if (!cell || (cell.outputs.length === 0 && !cell.trouble)) return null
  if (cell.status === 'failed' && cell.trouble) return <NoticeCard notice={cell.trouble} />
  return (
    <div class="outputs" data-stale={cell.status !== 'done'}>
      {cell.outputs.map((output, i) => (
        <Output key={i} output={output} state={state} />
      ))}
    </div>
  )
}
