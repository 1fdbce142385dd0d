/*
 * Softmax and categorical cross-entropy on the logits z: loss = log(sum e^z) - z[label], gradient (softmax - onehot) / batch.
 * Keras' own fused form: unbounded, with an exact gradient for badly wrong samples.
 */
import type { Emitter, Ref, Tensor } from './emitter.ts'

/** Writes loss and hits of the batch, the gradient in training, and adds them to the run's sums. */
export function emitLoss(emitter: Emitter, z: Tensor, dz: Tensor | undefined): void {
  const loss: Ref = emitter.scratch('loss', emitter.batch * 8)
  const { labels, sums } = emitter
  emitter.call('softmaxLoss', emitter.batch, {
    z: z.at,
    zRow: z.image,
    dz: dz?.at,
    dzRow: dz?.image ?? 0,
    batch: emitter.batch,
    classes: z.channels,
    labels,
    loss,
    weights: dz ? emitter.sampleWeights : undefined,
  })
  emitter.call('countLoss', 1, { loss, batch: emitter.batch, sums })
}

/** Writes the probabilities of the batch. */
export function emitSoftmax(emitter: Emitter, z: Tensor, p: Ref, pRow: number): void {
  emitter.call('softmax', emitter.batch, { z: z.at, zRow: z.image, p, pRow, batch: emitter.batch, classes: z.channels })
}
