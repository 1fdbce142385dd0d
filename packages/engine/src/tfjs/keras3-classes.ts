/*
 * Keras 3's formulas as classes of tfjs, under the names that core gives them. @gicho/models registers its own for live models; here
 * they are for topologies that come without one.
 */
import { bilinearMatrix, GichoError, HALF_PIXEL_UP_SAMPLING, HARD_SIGMOID_RELU6 } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import { single } from './layer-parts.ts'

/** relu6(x + 3) / 6 */
class HardSigmoidRelu6 extends tf.serialization.Serializable {
  static readonly className = HARD_SIGMOID_RELU6

  apply(x: tf.Tensor): tf.Tensor {
    // At the very ends the gradient is 0, as in Keras, where that of tfjs' clip is 1.
    return tf.tidy(() => tf.div(tf.minimum(6, tf.relu(tf.add(x, 3))), 6))
  }

  getConfig(): tf.serialization.ConfigDict {
    return {}
  }
}

type Shapes = Parameters<layers.Layer['computeOutputShape']>[0]

class HalfPixelUpSampling2D extends layers.Layer {
  static readonly className = HALF_PIXEL_UP_SAMPLING
  readonly #size: [number, number]

  /** @throws GichoError `unsupported` for channels that come first */
  constructor(
    config: { size?: [number, number]; dataFormat?: string } & ConstructorParameters<typeof layers.Layer>[0],
  ) {
    super(config)
    if (config.dataFormat === 'channelsFirst') {
      const message = `${this.name}: expected dataFormat channelsLast, got channelsFirst. Lay the images out with channels last.`
      throw new GichoError('unsupported', message)
    }
    this.#size = config.size ?? [2, 2]
  }

  override computeOutputShape(input: Shapes): Shapes {
    const [batch = null, height, width, channels = null] = input as (number | null)[]
    const times = (size: number | null | undefined, factor: number) => (size == null ? null : size * factor)
    return [batch, times(height, this.#size[0]), times(width, this.#size[1]), channels]
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return enlargeBilinear(single(inputs) as tf.Tensor4D, this.#size, true)
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), size: this.#size, interpolation: 'bilinear', dataFormat: 'channelsLast' }
  }
}

/** Registers what no package has registered yet. */
export function registerKeras3Classes(): void {
  const known = tf.serialization.SerializationMap.getMap().classNameMap
  if (!Object.hasOwn(known, HARD_SIGMOID_RELU6)) tf.serialization.registerClass(HardSigmoidRelu6)
  if (!Object.hasOwn(known, HALF_PIXEL_UP_SAMPLING)) tf.serialization.registerClass(HalfPixelUpSampling2D)
}

/** Images [N, H, W, C] enlarged by whole factors, between their pixels: two products of matrices, whose gradients are right everywhere. */
export function enlargeBilinear(x: tf.Tensor4D, size: readonly [number, number], halfPixelCenters: boolean): tf.Tensor {
  const along = (image: tf.Tensor, factor: number): tf.Tensor => {
    const [length = 1, ...rest] = image.shape
    const matrix = tf.tensor2d(bilinearMatrix(length, factor, halfPixelCenters), [length * factor, length])
    return tf.reshape(tf.matMul(matrix, tf.reshape(image, [length, -1])), [length * factor, ...rest])
  }
  return tf.tidy(() => {
    const tall = along(tf.transpose(x, [1, 0, 2, 3]), size[0]) // [H sizeY, N, W, C]
    const wide = along(tf.transpose(tall, [2, 0, 1, 3]), size[1]) // [W sizeX, H sizeY, N, C]
    return tf.transpose(wide, [2, 1, 0, 3])
  })
}
