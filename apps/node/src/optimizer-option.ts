import { type OptimizerConfig, type OptimizerName, optimizers } from '@gicho/core'
import { MOST, oneOf, optionalPositive } from './usage.ts'

/** What `--optimizer` takes. */
export const optimizerNames: readonly OptimizerName[] = ['rmsprop', 'sgd', 'adam', 'adamw']

/**
 * The optimizer of `--optimizer` and `--learning-rate`; undefined where neither was given, which means the lesson's. A rate alone is
 * for RMSprop, which every lesson takes.
 *
 * @throws UsageError for an unknown name or a rate that is none
 */
export function chosenOptimizer(name: string | undefined, rate: string | undefined): OptimizerConfig | undefined {
  if (name === undefined && rate === undefined) return undefined
  const make = optimizers[oneOf('--optimizer', name ?? 'rmsprop', optimizerNames)]
  const learningRate = optionalPositive('--learning-rate', rate, 'a number', MOST.learningRate)
  return make(learningRate === undefined ? {} : { learningRate })
}
