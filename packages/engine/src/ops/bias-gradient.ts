/* Gradients that are sums over a whole batch: partial sums of groups of images, added up and fed to the optimizer in one pass. */
import { type Emitter, type Ref, type Tensor, tensorArguments, type WeightRef } from './emitter.ts'

/** Groups of images: a number of its own, so that threads don't change the sums. */
export const GROUPS = 8
const TILE_WORDS = 1024

/** w -= update(sum over groups of partial). */
export function emitReduceUpdate(
  emitter: Emitter,
  partial: Ref,
  groupBytes: number,
  words: number,
  weight: WeightRef,
): void {
  emitter.call('reduceUpdate', Math.ceil(words / TILE_WORDS), {
    partial,
    groupBytes,
    groups: GROUPS,
    words,
    tileWords: Math.min(words, TILE_WORDS),
    w: weight.at,
    update: emitter.update,
  })
}

/** The update of a bias: sums of dz over the pixels of the batch. */
export function emitSumsUpdate(emitter: Emitter, name: string, dz: Tensor, bias: WeightRef): void {
  const groupBytes = dz.columns * 4
  const out = emitter.scratch(`${name}.biasSums`, GROUPS * groupBytes)
  const { height, width, columns } = dz
  const sizes = { height, width, batch: emitter.batch, columns, groups: GROUPS, out }
  emitter.call('columnSums', GROUPS, { ...tensorArguments('dz', dz), ...sizes })
  emitReduceUpdate(emitter, out, groupBytes, columns, bias)
}
