import type { ModelSummary, StepOutput } from '@gicho/core'
import { summarize } from '@gicho/models'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { count } from '../judging/sentences.ts'

/** How many parameters a network has, beside the one of an earlier lesson, which is disposed of. */
export function parameterTable(
  earlier: readonly [recipe: string, model: LayersModel],
  now: readonly [recipe: string, summary: ModelSummary],
): StepOutput {
  const before = summarize(earlier[1])
  earlier[1].dispose()
  const row = (recipe: string, { totalParameters, trainableParameters }: ModelSummary): string[] => [
    recipe,
    count(totalParameters),
    count(totalParameters - trainableParameters),
  ]
  return {
    kind: 'table',
    columns: ['recipe', 'parameters', 'not trainable'],
    rows: [row(earlier[0], before), row(now[0], now[1])],
  }
}
