/** One of the trainings that are compared; `augmented` is the network on images that are changed by draws. */
export type LessonName = 'perceptron' | 'network' | 'augmented'

/** What is measured on: the CPU's engines or the GPU's. */
export type Target = 'cpu' | 'gpu'

/** Multiply-adds of a layer's forward pass for one image. */
export interface LayerWork {
  readonly layer: string
  readonly multiplyAdds: number
}

export const LEARNING_RATE = 1e-3
/** Batch sizes by target: the course's, and what a GPU is usually fed. */
export const BATCH_SIZES: Readonly<Record<Target, readonly number[]>> = { cpu: [32], gpu: [32, 128, 1024] }
/**
 * So many rows are prepared; longer runs begin again at the first. Whole batches of every size: 512 of 32 on the CPU, and of MNIST's
 * 60,000 on the GPU as many as make 58 of 1024.
 */
export const ROWS: Readonly<Record<Target, number>> = { cpu: 512 * 32, gpu: 58 * 1024 }

/** What a lesson is, and at which rate its loss curves are compared. */
export interface LessonWork {
  readonly name: LessonName
  readonly title: string
  readonly targets: readonly Target[]
  /**
   * The perceptron at full rate. Two runs of the network part at full rate after a few steps on any two frameworks (the
   * first updates of RMSprop follow the signs of tiny gradients), so its losses are compared at a hundredth.
   */
  readonly comparisonRate: number
}

export const lessons: readonly LessonWork[] = [
  { name: 'perceptron', title: 'Lesson 1: perceptron 784-512-512-10', targets: ['cpu', 'gpu'], comparisonRate: 1e-3 },
  {
    name: 'network',
    title: 'Lesson 3: the convolutional network, 24 outputs, 264,049 parameters',
    targets: ['cpu', 'gpu'],
    comparisonRate: 1e-5,
  },
  {
    name: 'augmented',
    title: "Lesson 4: lesson 3's network on images that are turned, zoomed, shifted and mirrored",
    targets: ['gpu'],
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
