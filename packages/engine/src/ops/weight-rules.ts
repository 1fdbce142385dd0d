/*
 * Penalties: the loss gets l1 sum |w| + l2 sum w^2, the gradient l1 sign(w) + 2 l2 w (in the update itself, from its record).
 * MaxNorm: after the update each column of a kernel, or a bias as a whole, is scaled to at most a norm. As Keras does them.
 * And the update as a pass of its own: clip by norm, by global norm or by value, in Keras' formulas, of the mean over some steps.
 */
import type { GradientOptions } from '@gicho/core'
import type { WeightRule } from '../graph/graph.ts'
import type { Emitter, Ref } from './emitter.ts'

/** A trainable weight as the passes over weights see it. */
export interface TrainedWeight {
  readonly at: Ref
  readonly bytes: number
  readonly panelBytes: number
  readonly columns: number
  readonly rule: WeightRule | undefined
}

const TILE_WORDS = 4096

function panelsOf({ bytes, panelBytes }: TrainedWeight): { panels: number; words: number } {
  return panelBytes === 0 ? { panels: 1, words: bytes / 4 } : { panels: bytes / panelBytes, words: panelBytes / 4 }
}

/** Columns by which the last panel's empty half is told; vectors have none. */
function columnsOf({ columns, panelBytes }: TrainedWeight): number {
  return panelBytes === 0 ? 8 : columns
}

/** Adds the penalties' losses to the run's sums. */
export function emitPenalties(emitter: Emitter, weights: readonly TrainedWeight[]): void {
  for (const weight of weights) {
    const { rule, at, panelBytes } = weight
    if (!rule || (rule.l1 === 0 && rule.l2 === 0)) continue
    emitter.call('penalty', 1, {
      w: at,
      panelBytes,
      ...panelsOf(weight),
      columns: columnsOf(weight),
      batch: emitter.batch,
      l1f: rule.l1,
      l2f: rule.l2,
      sums: emitter.sums,
    })
  }
}

/** Scales what has become too long; after the update. */
export function emitConstraints(emitter: Emitter, weights: readonly TrainedWeight[]): void {
  for (const weight of weights) {
    const { at, panelBytes, rule } = weight
    if (rule?.maxNorm === undefined) continue
    const { panels, words } = panelsOf(weight)
    emitter.call('maxNorm', panels, { w: at, panelBytes, words, limitf: rule.maxNorm })
  }
}

/** The update of all weights from the region of gradients, which is zeros then. The limit of a clip stands in the optimizer's record. */
export function emitUpdate(emitter: Emitter, weights: readonly TrainedWeight[], options: GradientOptions): void {
  const { clipNorm, globalClipNorm, clipValue, accumulationSteps = 1 } = options
  const sharef = 1 / accumulationSteps
  const byNorm = clipNorm ?? globalClipNorm
  const scales = byNorm === undefined ? undefined : emitScales(emitter, weights, clipNorm ? 1 : 2, sharef)
  weights.forEach(({ at, bytes }, index) => {
    const words = bytes / 4
    emitter.call('applyUpdate', Math.ceil(words / TILE_WORDS), {
      w: at,
      words,
      tileWords: TILE_WORDS,
      scales,
      index,
      sharef,
      clips: clipValue ? 1 : 0,
      update: emitter.update,
    })
  })
}

function emitScales(emitter: Emitter, weights: readonly TrainedWeight[], mode: 1 | 2, sharef: number): Ref {
  const norms = emitter.scratch('gradient norms', weights.length * 8)
  const scales = emitter.scratch('gradient scales', weights.length * 4)
  weights.forEach((weight, index) => {
    const { panels, words } = panelsOf(weight)
    const squares = emitter.scratch(`squares ${index}`, panels * 8)
    const sizes = { panelBytes: weight.panelBytes, words, columns: columnsOf(weight), update: emitter.update }
    emitter.call('gradientSquares', panels, { w: weight.at, ...sizes, out: squares })
    emitter.call('gradientNorms', 1, { squares, panels, norms: { ...norms, offset: index * 8 } })
  })
  emitter.call('clipScales', 1, { norms, count: weights.length, mode, sharef, scales, update: emitter.update })
  return scales
}
