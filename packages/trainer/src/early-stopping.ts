import { checkOptionNames, describeNumber, type EpochLogs, GichoError, type NamedArray } from '@gicho/core'
import type { Callback } from './callback.ts'

/** Options of {@link earlyStopping}, with Keras' meanings and defaults. */
export interface EarlyStoppingOptions {
  /** Default `val_loss`. */
  readonly monitor?: keyof EpochLogs
  /** A smaller change is no improvement. Default 0. */
  readonly minDelta?: number
  /** Epochs without improvement that are put up with. Default 0. */
  readonly patience?: number
  /** Default `auto`: a loss is to fall, an accuracy to rise. */
  readonly mode?: 'auto' | 'min' | 'max'
  /** The wait starts over only for improvements that also beat this value. */
  readonly baseline?: number
  /** Epochs, counted from 0, that are only watched from this one on. Default 0. */
  readonly startFromEpoch?: number
  /** Put the weights of the best epoch back at the end, also when every epoch was run. Default false. */
  readonly restoreBestWeights?: boolean
}

const METRICS: readonly (keyof EpochLogs)[] = ['loss', 'accuracy', 'val_loss', 'val_accuracy']

/**
 * Stops training when a metric has stopped improving. Source: keras/src/callbacks/early_stopping.py (Keras 3).
 * An aborted training keeps its last weights, so that it can be resumed.
 *
 * @example
 * await fit(model, train, { epochs: 50, validationSplit: 0.1, callbacks: [earlyStopping({ patience: 3 })] })
 * @throws GichoError `bad-argument` for values outside their range, and before training when the metric won't be there
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  checkOptions(options)
  const { monitor = 'val_loss', patience = 0, mode = 'auto', baseline, startFromEpoch = 0 } = options
  const { restoreBestWeights = false, minDelta = 0 } = options
  const falls = mode === 'min' || (mode === 'auto' && monitor.endsWith('loss'))
  const beats = (value: number, reference: number | undefined): boolean =>
    reference === undefined || (falls ? value + minDelta < reference : value - minDelta > reference)

  let wait = 0
  let best: number | undefined
  let bestWeights: NamedArray[] | undefined
  return {
    onTrainBegin(context) {
      wait = 0
      best = undefined
      bestWeights = undefined
      if (monitor.startsWith('val_') && !context.validates) {
        throw new GichoError(
          'bad-argument',
          `earlyStopping: ${monitor} is watched, but nothing is validated. ` +
            "Give fit validationData or validationSplit, or watch 'loss'.",
        )
      }
      if (monitor.endsWith('accuracy') && !context.measuresAccuracy) {
        throw new GichoError(
          'bad-argument',
          `earlyStopping: ${monitor} is watched, but with a mean error only the loss is measured. Watch 'val_loss' or 'loss'.`,
        )
      }
    },
    async onEpochEnd(record, context) {
      const value = record[monitor]
      const epoch = record.epoch - 1
      if (value === undefined || epoch < startFromEpoch) return
      if (restoreBestWeights && bestWeights === undefined) bestWeights = await context.readWeights()
      wait++
      if (beats(value, best)) {
        best = value
        if (restoreBestWeights) bestWeights = await context.readWeights()
        if (baseline === undefined || beats(value, baseline)) wait = 0
        return
      }
      // Keras never stops at the very first epoch.
      if (wait >= patience && epoch > 0) context.stop()
    },
    async onTrainEnd(_history, context) {
      if (bestWeights && context.stopped !== 'aborted') await context.writeWeights(bestWeights)
    },
  }
}

function checkOptions(options: EarlyStoppingOptions): void {
  checkOptionNames('earlyStopping', options, [
    'monitor',
    'minDelta',
    'patience',
    'mode',
    'baseline',
    'startFromEpoch',
    'restoreBestWeights',
  ])
  const { monitor = 'val_loss', mode = 'auto', minDelta = 0, patience = 0, startFromEpoch = 0, baseline = 0 } = options
  const bad = (name: string, expected: string, got: string): GichoError =>
    new GichoError('bad-argument', `earlyStopping: expected ${name} to be ${expected}, got ${got}.`)
  if (!METRICS.includes(monitor)) throw bad('monitor', METRICS.join(', '), String(monitor))
  if (!['auto', 'min', 'max'].includes(mode)) throw bad('mode', 'auto, min or max', String(mode))
  if (!(Number.isFinite(minDelta) && minDelta >= 0)) throw bad('minDelta', 'a number >= 0', describeNumber(minDelta))
  if (!Number.isFinite(baseline)) throw bad('baseline', 'a finite number', describeNumber(baseline))
  for (const [name, value] of Object.entries({ patience, startFromEpoch })) {
    if (!Number.isInteger(value) || value < 0) throw bad(name, 'a whole number >= 0', describeNumber(value))
  }
}
