import type { EpochLogs } from '@gicho/core'
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { formatMetric } from '../state/format.ts'
import { say } from '../state/language.ts'
import type { LessonState } from '../state/lesson-state.ts'
import { runName, runs } from '../state/runs.ts'
import type { LivePoint } from '../state/training-state.ts'
import type { KeptRun } from '../worker/keeping/run-store.ts'
import { Chart, type ChartLine } from './chart.tsx'

/** Loss and accuracy of the run, before the course's own curve or an earlier run. */
export function Curves({ state }: { state: LessonState }): JSX.Element {
  const words = say.value.training
  const { text, training, settings } = state
  const { points, history, run } = training.value
  const comparedWith = useSignal('course')
  const others = runs.value.filter(({ recipe, card }) => recipe === text.id && card.history.length > 0)
  const other = others.find((each) => runName(each) === comparedWith.value)
  const isCourse = comparedWith.value === 'course' && isCourseData(state, run?.train)
  const behind: readonly EpochLogs[] = other?.card.history ?? (isCourse ? text.reference : [])
  const epochs = Math.max(settings.value.epochs, behind.length, history.length, 1)
  const band = isCourse && text.band?.metric === 'val_accuracy' ? ([text.band.low, text.band.high] as const) : undefined
  const chart = (metric: 'loss' | 'accuracy'): JSX.Element => {
    const lines = linesOf(metric, behind, points)
    const last = history.at(-1)
    const value = formatMetric(last?.[metric])
    const said = last ? words.chartLast(last.epoch, value) : words.noPoints
    const bandHere = metric === 'accuracy' ? band : undefined
    return (
      <Chart
        title={words.numbers[metric]}
        description={words.chart(words.numbers[metric], said)}
        lines={lines}
        epochs={epochs}
        domain={metric === 'loss' ? lossDomain(lines) : accuracyDomain(lines)}
        {...(bandHere ? { band: bandHere } : {})}
      />
    )
  }
  const behindName = other ? words.earlier(runName(other)) : words.course
  return (
    <figure class="curves">
      <div class="charts">
        {chart('loss')}
        {chart('accuracy')}
      </div>
      <figcaption>
        <span class="key train">{words.train}</span>
        <span class="key validation">{words.validation}</span>
        {behind.length > 0 && <span class="key behind">{behindName}</span>}
        {band && <span class="key band">{words.band}</span>}
        <CompareWith others={others} chosen={comparedWith.value} onChoose={(name) => (comparedWith.value = name)} />
      </figcaption>
    </figure>
  )
}

function CompareWith(props: {
  others: readonly KeptRun[]
  chosen: string
  onChoose: (name: string) => void
}): JSX.Element {
  const { others, chosen, onChoose } = props
  const words = say.value.training
  return (
    <label class="compare">
      {words.compare}{' '}
      <select value={chosen} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        <option value="course">{words.course}</option>
        {others.map((run) => (
          <option key={runName(run)} value={runName(run)}>
            {words.earlier(runName(run))} ({formatMetric(run.card.history.at(-1)?.val_accuracy)})
          </option>
        ))}
        <option value="">{words.compareNone}</option>
      </select>
    </label>
  )
}

/** The course's curves are those of its own data; before anything is trained they show what is to come. */
function isCourseData({ text }: LessonState, trained: number | undefined): boolean {
  if (trained === undefined) return true
  return text.dataset === 'mnist' ? trained === 60_000 : trained === 27_455
}

function linesOf(metric: 'loss' | 'accuracy', behind: readonly EpochLogs[], points: readonly LivePoint[]): ChartLine[] {
  const validation = `val_${metric}` as const
  const recorded = behind.map((logs, i) => ({ ...logs, epoch: i + 1 }))
  const line = (logs: readonly LivePoint[], name: typeof metric | typeof validation) =>
    logs.flatMap(({ epoch, [name]: y }) => (y === undefined ? [] : [{ x: epoch, y }]))
  return [
    { kind: 'train', isBehind: true, points: line(recorded, metric) },
    { kind: 'validation', isBehind: true, points: line(recorded, validation) },
    { kind: 'train', isBehind: false, points: line(points, metric) },
    { kind: 'validation', isBehind: false, points: line(points, validation) },
  ]
}

function lossDomain(lines: readonly ChartLine[]): [number, number] {
  const values = valuesOf(lines)
  const sorted = values.sort((a, b) => a - b)
  // The first steps of a training are far above all others.
  const high = sorted[Math.floor(sorted.length * 0.96)] ?? 1
  return [0, Math.max(high * 1.1, 0.1)]
}

function accuracyDomain(lines: readonly ChartLine[]): [number, number] {
  const sorted = valuesOf(lines).sort((a, b) => a - b)
  const low = sorted[Math.floor(sorted.length * 0.06)] ?? 0
  return [Math.max(0, low - (1 - low) * 0.15), 1]
}

function valuesOf(lines: readonly ChartLine[]): number[] {
  return lines.flatMap(({ points }) => points.map(({ y }) => y)).filter(Number.isFinite)
}
