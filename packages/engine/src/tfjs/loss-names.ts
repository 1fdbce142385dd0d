import type { LossName } from '@gicho/core'
import { losses } from '@tensorflow/tfjs-core'
import { metrics } from '@tensorflow/tfjs-layers'
import { isLoss } from '../session/job-issues.ts'

/** Functions of tfjs that compute one of our losses from a model's outputs. Those on logits (`softmaxCrossEntropy`) are others. */
const FUNCTIONS: ReadonlyMap<unknown, LossName> = new Map<unknown, LossName>([
  [losses.meanSquaredError, 'meanSquaredError'],
  [losses.absoluteDifference, 'meanAbsoluteError'],
  [metrics.meanSquaredError, 'meanSquaredError'],
  [metrics.MSE, 'meanSquaredError'],
  [metrics.mse, 'meanSquaredError'],
  [metrics.meanAbsoluteError, 'meanAbsoluteError'],
  [metrics.categoricalCrossentropy, 'categoricalCrossentropy'],
  [metrics.binaryCrossentropy, 'binaryCrossentropy'],
])

/** The name of a loss that `model.compile` was given, as a name or as a function of tfjs; undefined for one that no engine computes. */
export function nameOfLoss(loss: unknown): LossName | undefined {
  if (typeof loss === 'string') return isLoss(loss) ? loss : undefined
  return FUNCTIONS.get(loss)
}
