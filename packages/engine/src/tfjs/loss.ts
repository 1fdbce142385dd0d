/*
 * Losses on the model's last tensor z [n, outputs], which is logits for the cross-entropies, with their own gradients: exact, unbounded,
 * and the same as in the compiled engine. Labels are whole numbers; the target of several outputs is the label's one-hot row, of one
 * output the label itself. Source: keras/src/losses.
 */
import type { LossName, TrainingJob } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'

/** The activation at a model's end. */
export type FinalActivation = 'softmax' | 'sigmoid' | 'linear'

/** The final activation that each loss is computed together with. */
export const finalActivations: Readonly<Record<LossName, FinalActivation>> = {
  categoricalCrossentropy: 'softmax',
  sparseCategoricalCrossentropy: 'softmax',
  binaryCrossentropy: 'sigmoid',
  meanSquaredError: 'linear',
  meanAbsoluteError: 'linear',
}

/** What a job says of its loss. */
export type LossForm = Pick<TrainingJob, 'loss' | 'labelSmoothing'>

/** One batch's labels [n] as int32 and, where samples are weighted, their weights [n]. */
export interface Targets {
  readonly labels: tf.Tensor1D
  readonly weights?: tf.Tensor1D
}

/** Sums over one batch on the device, [2]: of the (weighted) losses, and of the correct predictions. */
export type BatchSums = tf.Tensor1D

/** The losses of rows [n, 1], and the gradient of their sum [n, outputs]. */
interface Terms {
  readonly losses: tf.Tensor2D
  readonly slope: tf.Tensor2D
}

/**
 * The mean loss of a batch, with its gradient. Weighted losses are divided by the number of samples, as Keras does.
 *
 * @param z [n, outputs]
 * @param onSums gets the batch's sums, kept: the receiver disposes them
 */
export function meanLoss(
  form: LossForm,
  z: tf.Tensor2D,
  targets: Targets,
  onSums: (sums: BatchSums) => void,
): tf.Scalar {
  const fused = tf.customGrad((input, save) => {
    const outputs: tf.Tensor2D = tf.reshape(input as tf.Tensor, z.shape)
    const { losses, slope } = weighted(terms(form, outputs, targets.labels), targets)
    const share: tf.Tensor2D = tf.div(slope, z.shape[0])
    if (typeof save === 'function') save([share])
    onSums(tf.keep(batchSums(form, losses, outputs, targets.labels)))
    const gradient = (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0] ?? share)
    return { value: tf.mean(losses), gradFunc: gradient }
  })
  return fused(z) as tf.Scalar
}

/** Sums over one batch without a gradient, for evaluation. */
export function evaluateLoss(form: LossForm, z: tf.Tensor2D, targets: Targets): BatchSums {
  return batchSums(form, weighted(terms(form, z, targets.labels), targets).losses, z, targets.labels)
}

/** What a model predicts where its last tensor is z. */
export function predictions({ loss }: LossForm, z: tf.Tensor2D): tf.Tensor {
  const activation = finalActivations[loss]
  if (activation === 'linear') return z
  return activation === 'softmax' ? tf.softmax(z) : tf.sigmoid(z)
}

function weighted({ losses, slope }: Terms, { weights }: Targets): Terms {
  if (weights === undefined) return { losses, slope }
  const column = tf.reshape(weights, [weights.size, 1])
  return { losses: tf.mul(losses, column), slope: tf.mul(slope, column) }
}

function terms({ loss, labelSmoothing = 0 }: LossForm, z: tf.Tensor2D, labels: tf.Tensor1D): Terms {
  const outputs = z.shape[1]
  const target = targetRows(labels, outputs)
  const smooth = (rest: number) => (labelSmoothing === 0 ? target : smoothed(target, labelSmoothing, rest))
  switch (loss) {
    case 'categoricalCrossentropy':
    case 'sparseCategoricalCrossentropy':
      return categorical(z, smooth(1 / outputs))
    case 'binaryCrossentropy':
      return binary(z, smooth(1 / 2))
    case 'meanSquaredError': {
      const error = tf.sub(z, target)
      return { losses: tf.mean(tf.square(error), 1, true), slope: tf.mul(error, 2 / outputs) }
    }
    case 'meanAbsoluteError': {
      const error = tf.sub(z, target)
      return { losses: tf.mean(tf.abs(error), 1, true), slope: tf.div(tf.sign(error), outputs) }
    }
    default:
      return loss satisfies never
  }
}

function targetRows(labels: tf.Tensor1D, outputs: number): tf.Tensor2D {
  const rows: tf.Tensor = outputs === 1 ? tf.reshape(labels, [labels.size, 1]) : tf.oneHot(labels, outputs)
  return tf.cast(rows, 'float32') as tf.Tensor2D
}

/** `t (1 - s) + s rest` */
function smoothed(target: tf.Tensor2D, smoothing: number, rest: number): tf.Tensor2D {
  return tf.add(tf.mul(target, 1 - smoothing), smoothing * rest)
}

/** log sum e^z - sum t z, and softmax - t. */
function categorical(z: tf.Tensor2D, target: tf.Tensor2D): Terms {
  const shifted = tf.sub(z, tf.max(z, 1, true))
  const exps = tf.exp(shifted)
  const total = tf.sum(exps, 1, true)
  const losses: tf.Tensor2D = tf.sub(tf.log(total), tf.sum(tf.mul(shifted, target), 1, true))
  return { losses, slope: tf.sub(tf.div(exps, total), target) }
}

/** The mean of max(z, 0) - z t + log(1 + e^-|z|), and sigmoid - t. */
function binary(z: tf.Tensor2D, target: tf.Tensor2D): Terms {
  const tail = tf.softplus(tf.neg(tf.abs(z)))
  const each = tf.add(tf.sub(tf.maximum(z, 0), tf.mul(z, target)), tail)
  return { losses: tf.mean(each, 1, true), slope: tf.div(tf.sub(tf.sigmoid(z), target), z.shape[1]) }
}

function batchSums(form: LossForm, losses: tf.Tensor2D, z: tf.Tensor2D, labels: tf.Tensor1D): BatchSums {
  const correct = tf.sum(tf.cast(tf.equal(guesses(form, z), labels), 'float32'))
  return tf.stack([tf.sum(losses), correct]) as tf.Tensor1D
}

/** The place of the largest output; of a single one, whether it is past the middle of 0 and 1. */
function guesses({ loss }: LossForm, z: tf.Tensor2D): tf.Tensor1D {
  if (z.shape[1] > 1) return tf.argMax(z, 1)
  const past = tf.greater(z, finalActivations[loss] === 'linear' ? 0.5 : 0)
  return tf.cast(tf.reshape(past, [z.shape[0]]), 'int32')
}
