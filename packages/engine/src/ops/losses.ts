/*
 * Losses on the model's last tensor z, and what the model gives for predictions. Labels are whole numbers; the target t of several
 * outputs is the label's one-hot row, of one output the label itself; C outputs, s the label smoothing. With sample weights w:
 *   categorical cross-entropy  w (log sum e^z - sum t z), gradient w (softmax - t) / batch, t smoothed to t (1 - s) + s / C
 *   binary cross-entropy       w mean(max(z, 0) - z t + log(1 + e^-|z|)), gradient w (sigmoid - t) / (C batch), t (1 - s) + s / 2
 *   mean squared, absolute     w mean((z - t)^2), w mean(|z - t|)
 * The cross-entropies are exact and unbounded: z are logits. Source: keras/src/losses.
 */
import type { LossName } from '@gicho/core'
import type { Activation } from '../graph/graph.ts'
import { emitActivation } from './activation.ts'
import type { Emitter, Ref, Tensor } from './emitter.ts'
import { emitLoss, emitSoftmax } from './softmax-loss.ts'
import { copyTensor } from './tensor.ts'

/** A loss as a job states it. */
export interface LossForm {
  readonly name: LossName
  readonly smoothing: number
}

interface LossRule {
  /** The final activation that is computed together with the loss. */
  readonly takes: Activation
  readonly kind: number
}

/** Every loss that is compiled, with its number in kernels/output-loss.ts. */
export const lossRules: Readonly<Record<LossName, LossRule>> = {
  categoricalCrossentropy: { takes: 'softmax', kind: 0 },
  sparseCategoricalCrossentropy: { takes: 'softmax', kind: 0 },
  binaryCrossentropy: { takes: 'sigmoid', kind: 1 },
  meanSquaredError: { takes: 'linear', kind: 2 },
  meanAbsoluteError: { takes: 'linear', kind: 3 },
}

/** Loss and hits of the batch, the gradient in training, added to the run's sums. */
export function emitOutputLoss(emitter: Emitter, form: LossForm, z: Tensor, dz: Tensor | undefined): void {
  const { kind } = lossRules[form.name]
  if (kind === 0 && form.smoothing === 0) {
    emitLoss(emitter, z, dz)
    return
  }
  const { batch, labels, sums } = emitter
  const loss: Ref = emitter.scratch('loss', batch * 8)
  emitter.call('outputLoss', batch, {
    z: z.at,
    zRow: z.image,
    dz: dz?.at,
    dzRow: dz?.image ?? 0,
    batch,
    classes: z.channels,
    columns: dz?.columns ?? z.channels,
    labels,
    loss,
    weights: dz ? emitter.sampleWeights : undefined,
    kind,
    smoothingf: form.smoothing,
  })
  emitter.call('countLoss', 1, { loss, batch, sums })
}

/** The model's outputs: probabilities, or z itself. */
export function emitOutputs(emitter: Emitter, { name }: LossForm, z: Tensor, outputs: Ref): void {
  const { takes } = lossRules[name]
  if (takes === 'softmax') emitSoftmax(emitter, z, outputs, z.image)
  else if (takes === 'linear') copyTensor(emitter, z, { ...z, at: outputs })
  else emitActivation(emitter, { activation: takes, alpha: 0 }, z, { ...z, at: outputs })
}
