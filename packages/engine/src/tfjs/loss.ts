import * as tf from '@tensorflow/tfjs-core'

/** One batch's labels [n] as int32 and, where samples are weighted, their weights [n]. */
export interface Targets {
  readonly labels: tf.Tensor1D
  readonly weights?: tf.Tensor1D
}

/** Sums over one batch on the device, [2]: of the (weighted) losses, and of the correct predictions. */
export type BatchSums = tf.Tensor1D

/**
 * The mean cross-entropy of softmax(logits), computed from the logits so that it is unbounded, with its gradient
 * `(p - y) / n` for each row. Weighted losses are divided by the number of samples, as Keras does.
 *
 * @param logits [n, classes]
 * @param onSums gets the batch's sums, kept: the receiver disposes them
 */
export function crossEntropy(logits: tf.Tensor2D, targets: Targets, onSums: (sums: BatchSums) => void): tf.Scalar {
  const fused = tf.customGrad((z, save) => {
    const scores: tf.Tensor2D = tf.reshape(z as tf.Tensor, logits.shape)
    const { losses, slope } = lossAndSlope(scores, targets)
    if (typeof save === 'function') save([slope])
    onSums(tf.keep(batchSums(losses, scores, targets.labels)))
    const gradient = (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0] ?? slope)
    return { value: tf.mean(losses), gradFunc: gradient }
  })
  return fused(logits) as tf.Scalar
}

/** Sums over one batch without a gradient, for evaluation. */
export function evaluateLoss(logits: tf.Tensor2D, targets: Targets): BatchSums {
  return batchSums(lossAndSlope(logits, targets).losses, logits, targets.labels)
}

function lossAndSlope(logits: tf.Tensor2D, { labels, weights }: Targets): { losses: tf.Tensor2D; slope: tf.Tensor2D } {
  const [n, classes] = logits.shape
  const wanted = tf.cast(tf.oneHot(labels, classes), 'float32')
  const shifted = tf.sub(logits, tf.max(logits, 1, true))
  const exps = tf.exp(shifted)
  const total = tf.sum(exps, 1, true)
  const losses: tf.Tensor2D = tf.sub(tf.log(total), tf.sum(tf.mul(shifted, wanted), 1, true))
  const slope: tf.Tensor2D = tf.div(tf.sub(tf.div(exps, total), wanted), n)
  if (weights === undefined) return { losses, slope }
  const column = tf.reshape(weights, [n, 1])
  return { losses: tf.mul(losses, column), slope: tf.mul(slope, column) }
}

function batchSums(losses: tf.Tensor2D, logits: tf.Tensor2D, labels: tf.Tensor1D): BatchSums {
  const correct = tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32'))
  return tf.stack([tf.sum(losses), correct]) as tf.Tensor1D
}
