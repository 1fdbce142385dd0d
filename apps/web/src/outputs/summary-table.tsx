import { formatShape, type ModelSummary } from '@gicho/core'
import type { JSX } from 'preact'
import { formatCount } from '../state/format.ts'
import { say } from '../state/language.ts'
import { Table } from './table.tsx'

/** A model's layers, and how many parameters each has. */
export function SummaryTable({ summary }: { summary: ModelSummary }): JSX.Element {
  const words = say.value.output
  const { rows, totalParameters, trainableParameters } = summary
  return (
    <>
      <Table
        columns={[words.layer, words.type, words.shape, words.parameters]}
        rows={rows.map(({ name, type, outputShape, parameters }) => [
          name,
          type,
          formatShape(outputShape),
          formatCount(parameters),
        ])}
      />
      <dl class="values totals">
        {[
          [words.total, totalParameters] as const,
          [words.trainable, trainableParameters] as const,
          [words.fixed, totalParameters - trainableParameters] as const,
        ].map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatCount(count)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
