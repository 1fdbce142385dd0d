/* Keras 3's formulas as classes of tfjs, so that a model that comes from Keras 3 is a live tfjs model and gives Keras 3's numbers. */
import { bilinearMatrix, GichoError, HALF_PIXEL_UP_SAMPLING, HARD_SIGMOID_RELU6 } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'

type Shapes = Parameters<layers.Layer['computeOutputShape']>[0]
type LayerConfig = ConstructorParameters<typeof layers.Layer>[0]

/** Keras 3's hard_sigmoid, relu6(x + 3) / 6, as the activation `hardSigmoidRelu6`. */
class HardSigmoidRelu6 extends tf.serialization.Serializable {
  static readonly className = HARD_SIGMOID_RELU6

  apply(x: tf.Tensor): tf.Tensor {
    return tf.tidy(() => tf.div(tf.minimum(6, tf.relu(tf.add(x, 3))), 6))
  }

  getConfig(): tf.serialization.ConfigDict {
    return {}
  }
}

/** Keras 3's bilinear UpSampling2D of images [N, H, W, C]: pixels have their coordinates at their centres. */
class HalfPixelUpSampling2D extends layers.Layer {
  static readonly className = HALF_PIXEL_UP_SAMPLING
  readonly #size: [number, number]

  /** @throws GichoError `unsupported` for channels that come first */
  constructor(config: LayerConfig & { size?: [number, number]; dataFormat?: string }) {
    super(config)
    this.#size = config.size ?? [2, 2]
    if (config.dataFormat === 'channelsFirst') {
      const message = `${this.name}: expected dataFormat channelsLast, got channelsFirst. Lay the images out with channels last.`
      throw new GichoError('unsupported', message)
    }
  }

  override computeOutputShape(input: Shapes): Shapes {
    const [batch = null, height, width, channels = null] = input as (number | null)[]
    const times = (size: number | null | undefined, factor: number) => (size == null ? null : size * factor)
    return [batch, times(height, this.#size[0]), times(width, this.#size[1]), channels]
  }

  /** Two products of matrices: their gradients are right on every backend, that of tfjs' own resizing isn't. */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat()
    if (!image) throw new GichoError('bad-argument', `${this.name}: expected one input, got none.`)
    return tf.tidy(() => {
      const tall = enlarge(tf.transpose(image, [1, 0, 2, 3]), this.#size[0]) // [H sizeY, N, W, C]
      const wide = enlarge(tf.transpose(tall, [2, 0, 1, 3]), this.#size[1]) // [W sizeX, H sizeY, N, C]
      return tf.transpose(wide, [2, 1, 0, 3])
    })
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), size: this.#size, interpolation: 'bilinear', dataFormat: 'channelsLast' }
  }
}

/** A tensor enlarged along its first axis. */
function enlarge(tensor: tf.Tensor, factor: number): tf.Tensor {
  const [length = 1, ...rest] = tensor.shape
  const matrix = tf.tensor2d(bilinearMatrix(length, factor, true), [length * factor, length])
  return tf.reshape(tf.matMul(matrix, tf.reshape(tensor, [length, -1])), [length * factor, ...rest])
}

/**
 * Registers with tfjs what models from Keras 3 consist of besides tfjs' own layers. Everything here that loads a model does so; a page
 * that loads one with `tf.loadLayersModel` calls it first.
 */
export function registerKeras3Classes(): void {
  tf.serialization.registerClass(HardSigmoidRelu6)
  tf.serialization.registerClass(HalfPixelUpSampling2D)
}
