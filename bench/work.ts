/** One of the two trainings that are compared. */
export type LessonName = 'perceptron' | 'network'

/** Multiply-adds of a layer's forward pass for one image. */
export interface LayerWork {
  readonly layer: string
  readonly multiplyAdds: number
}

export const BATCH_SIZE = 32
export const LEARNING_RATE = 1e-3
/** The rows of so many batches are prepared; longer runs begin again at the first. */
export const BATCHES = 512

/** What a lesson is, and at which rate its loss curves are compared. */
export interface LessonWork {
  readonly name: LessonName
  readonly title: string
  /**
   * The perceptron at full rate. Two runs of the network part at full rate after a few steps on any two frameworks (the
   * first updates of RMSprop follow the signs of tiny gradients), so its losses are compared at a hundredth.
   */
  readonly comparisonRate: number
}

export const lessons: readonly LessonWork[] = [
  { name: 'perceptron', title: 'Lesson 1: perceptron 784-512-512-10', comparisonRate: 1e-3 },
  {
    name: 'network',
    title: 'Lesson 3: the convolutional network, 24 outputs, 264,049 parameters',
    comparisonRate: 1e-5,
  },
]

/**
 * Floating-point operations of one training step's products: forward, weight gradients, and gradients of inputs but those
 * of the first layer. A multiply-add counts two. Everything else (BatchNorm, pools, the update) isn't counted.
 */
export function stepFlops(layers: readonly LayerWork[], batchSize: number): number {
  const multiplyAdds = layers.reduce(
    (total, { multiplyAdds }, place) => total + multiplyAdds * (place === 0 ? 2 : 3),
    0,
  )
  return 2 * batchSize * multiplyAdds
}
