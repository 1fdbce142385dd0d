import type { StepOutput } from '@gicho/core'
import type { JSX } from 'preact'
import { Prose } from '../cells/cell.tsx'
import { formatMetric } from '../state/format.ts'
import { inLanguage, say } from '../state/language.ts'
import type { LessonState } from '../state/lesson-state.ts'
import { MatrixView } from './matrix-view.tsx'
import { PictureGrid } from './picture-grid.tsx'
import { SummaryTable } from './summary-table.tsx'
import { Table } from './table.tsx'

/** Draws what a step shows. */
export function Output({ output, state }: { output: StepOutput; state: LessonState }): JSX.Element {
  switch (output.kind) {
    case 'values':
      return (
        <dl class="values">
          {output.rows.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )
    case 'table':
      return <Table columns={output.columns} rows={output.rows} />
    case 'matrix':
      return <MatrixView {...output} />
    case 'pictures':
      return <PictureGrid {...output} />
    case 'summary':
      return <SummaryTable summary={output.summary} />
    case 'history':
      return <HistoryTable output={output} />
    case 'verdict':
      return <VerdictView verdict={output.verdict} name={state.text.id} />
    case 'note':
      return (
        <div class="note">
          <Prose text={inLanguage(output.text)} />
        </div>
      )
    default:
      return output satisfies never
  }
}

/** The run's epochs, with the course's validation accuracy beside each; the curves stand in the training's panel. */
function HistoryTable({ output }: { output: Extract<StepOutput, { kind: 'history' }> }): JSX.Element {
  const { history, reference } = output
  const course = reference.length > 0
  const columns = ['epoch', 'loss', 'accuracy', 'val_loss', 'val_accuracy']
  const rows = history.map(({ epoch, loss, accuracy, val_loss, val_accuracy }) => [
    String(epoch),
    ...[loss, accuracy, val_loss, val_accuracy].map((value) => formatMetric(value)),
    ...(course ? [formatMetric(reference[epoch - 1]?.val_accuracy)] : []),
  ])
  return <Table columns={course ? [...columns, `(${say.value.training.course})`] : columns} rows={rows} />
}

function VerdictView({
  verdict,
  name,
}: {
  verdict: Extract<StepOutput, { kind: 'verdict' }>['verdict']
  name: string
}): JSX.Element {
  const { verdicts, verdictNone } = say.value.output
  const { grade, text } = verdict
  return (
    <div class="verdict" data-grade={grade ?? 'none'} data-lesson={name}>
      <strong>{grade ? verdicts[grade] : verdictNone}</strong>
      <Prose text={inLanguage(text)} />
    </div>
  )
}
