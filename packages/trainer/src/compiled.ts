import {
  describeValue,
  GichoError,
  type LossName,
  nearestName,
  type OptimizerConfig,
  rmsprop,
  toOptimizer,
} from '@gicho/core'
import { outputClasses } from './check.ts'
import type { TrainableModel } from './model.ts'

/** A loss function of tfjs: `tf.losses.meanSquaredError`. */
export type LossFunction = (...labelsAndPredictions: never[]) => unknown

/** Says which loss a name or a function of tfjs means; undefined for one that no engine computes. */
export type NameOfLoss = (loss: unknown) => LossName | undefined

const LOSSES = Object.keys({
  categoricalCrossentropy: true,
  sparseCategoricalCrossentropy: true,
  binaryCrossentropy: true,
  meanSquaredError: true,
  meanAbsoluteError: true,
} satisfies Record<LossName, true>)

/**
 * The loss that a call names, else the one that the model was compiled with, else `categoricalCrossentropy`.
 *
 * @throws GichoError `bad-argument` for a name that nobody knows, `unsupported` for a loss that no engine computes
 */
export function chooseLoss(where: string, model: TrainableModel, given: unknown, nameOfLoss: NameOfLoss): LossName {
  if (given === undefined) return compiledLoss(where, model, nameOfLoss) ?? 'categoricalCrossentropy'
  const name = nameOfLoss(given)
  if (name) return name
  if (typeof given === 'string') {
    const guess = nearestName(given, LOSSES)
    const help = guess ? `Did you mean ${guess}?` : `Known are ${LOSSES.join(', ')}.`
    throw new GichoError('bad-argument', `${where}: there is no loss ${given}. ${help}`)
  }
  const got =
    typeof given === 'function' ? `a function that isn't known here${functionName(given)}` : describeValue(given)
  throw new GichoError(
    'bad-argument',
    `${where}: expected the name of a loss, got ${got}. Known are ${LOSSES.join(', ')}.`,
  )
}

function compiledLoss(where: string, { loss }: TrainableModel, nameOfLoss: NameOfLoss): LossName | undefined {
  const losses = typeof loss === 'object' && loss !== null ? Object.values(loss) : [loss]
  const [first, ...others] = losses.filter((each) => each !== undefined && each !== null)
  if (first === undefined) return undefined
  const name = nameOfLoss(first)
  if (name && others.length === 0) return name
  const one = typeof first === 'string' ? `the loss ${first}` : `a loss function${functionName(first)}`
  const what = others.length > 0 ? `${others.length + 1} losses` : one
  throw new GichoError(
    'unsupported',
    `${where}: the model was compiled with ${what}, which no engine computes. Give the loss option, which wins: ` +
      `${LOSSES.join(', ')}. The cross-entropies take a model that ends in softmax or sigmoid.`,
  )
}

/**
 * The optimizer that a call names, else the one that the model was compiled with, as tfjs computes it, else `rmsprop()`.
 *
 * @throws GichoError `bad-argument` for something that is no optimizer, `unsupported` for one that no engine knows
 */
export function chooseOptimizer(where: string, model: TrainableModel, given: unknown): OptimizerConfig {
  if (given !== undefined) return toOptimizer(`${where}: optimizer`, given)
  const { optimizer } = model
  if (optimizer === undefined || optimizer === null) return rmsprop()
  return toOptimizer(
    `${where}: the optimizer that the model was compiled with (the optimizer option would win)`,
    optimizer,
  )
}

/** Names of metrics that are the accuracy, for a model of several outputs and of one. */
const ACCURACIES = {
  many: ['accuracy', 'acc', 'categoricalAccuracy', 'sparseCategoricalAccuracy'],
  one: ['accuracy', 'acc', 'binaryAccuracy'],
}

/** Refuses metrics that wouldn't be measured. @throws GichoError `unsupported` */
export function checkCompiledMetrics(where: string, model: TrainableModel, loss: LossName): void {
  const { metrics } = model
  if (metrics === undefined || metrics === null) return
  const list = typeof metrics === 'object' ? Object.values(metrics).flat() : [metrics]
  const known = outputClasses(model) > 1 ? ACCURACIES.many : ACCURACIES.one
  const other = list.find((metric) => !known.some((name) => name === metric) || isMeanError(loss))
  if (other === undefined) return
  const what = typeof other === 'string' ? other : `a function${functionName(other)}`
  const why = isMeanError(loss)
    ? `With the loss ${loss} the loss alone is measured`
    : 'Loss and accuracy alone are measured'
  throw new GichoError(
    'unsupported',
    `${where}: the model was compiled with the metric ${what}. ${why}: compile it again without that metric, ` +
      'and compute it from the outputs of predict.',
  )
}

/** True for losses of numbers, for which a share of right answers means nothing. */
export function isMeanError(loss: LossName): boolean {
  return loss === 'meanSquaredError' || loss === 'meanAbsoluteError'
}

function functionName(value: unknown): string {
  if (typeof value !== 'function') return ` (${describeValue(value)})`
  const name = value.name.replace(/__op$/, '')
  return name === '' ? '' : ` (${name})`
}
