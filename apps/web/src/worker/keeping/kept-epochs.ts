import type { EpochRecord } from '@gicho/core'

/** No more epochs than this are kept besides the first, the best and the last. */
const BETWEEN = 8

/**
 * Epochs whose weights stay: the first, the best, the last, and some in even strides between. With more epochs the strides double, so
 * that what is kept later was kept before.
 *
 * @param history every epoch so far
 */
export function keptEpochs(history: readonly EpochRecord[]): ReadonlySet<number> {
  const done = history.length
  let stride = 1
  while (Math.floor(done / stride) > BETWEEN) stride *= 2
  const between = Array.from({ length: Math.floor(done / stride) }, (_, i) => (i + 1) * stride)
  return new Set([1, ...between, bestEpoch(history), done])
}

/** The epoch that did best, with pictures that it had never seen where there were any; the first of several. */
function bestEpoch(history: readonly EpochRecord[]): number {
  const score = ({ val_accuracy, val_loss, loss }: EpochRecord): number => val_accuracy ?? -(val_loss ?? loss)
  const best = Math.max(...history.map(score))
  return history.find((each) => score(each) === best)?.epoch ?? 1
}
