/* What can be seen inside a trained network: all of it plain data that the page draws. */
import { GichoError, type ImageDataset, type Picture, sizeOf } from '@gicho/core'
import { confusionMatrix, worstMistakes } from '@gicho/plots'
import { argmax, treat } from '@gicho/preprocess'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import type { Reader } from './reader.ts'

/** A picture that was taken for another class, and how sure the network was. */
interface ShownMistake {
  readonly picture: Picture
  readonly actual: string
  readonly predicted: string
  readonly probability: number
}

/** How a network does on pictures that it never practised with. */
export interface Examination {
  readonly classNames: readonly string[]
  /** Row: actual class, column: predicted class, value: pictures. */
  readonly matrix: readonly (readonly number[])[]
  readonly right: number
  readonly total: number
  readonly mistakes: readonly ShownMistake[]
}

const MISTAKES = 24

/** Asks the network about every picture of a set. @throws GichoError `bad-shape` when the set has other classes */
export async function examine(reader: Reader, test: ImageDataset): Promise<Examination> {
  const { classNames } = reader.saved
  if (test.classNames.length !== classNames.length) {
    const [is, has] = [classNames.length, test.classNames.length]
    throw new GichoError(
      'bad-shape',
      `This model knows ${is} classes and the pictures here have ${has}: it can't be examined.`,
    )
  }
  const probabilities = await reader.probabilities(test.images)
  const classes = classNames.length
  const matrix = confusionMatrix(test.labels, argmax(probabilities, classes), classes)
  const size = sizeOf(test.shape)
  return {
    classNames,
    matrix,
    right: matrix.reduce((total, row, i) => total + (row[i] ?? 0), 0),
    total: test.length,
    mistakes: worstMistakes(test.labels, probabilities, classes, MISTAKES).map((mistake) => {
      const [actual = '', predicted = ''] = [classNames[mistake.actual], classNames[mistake.predicted]]
      const pixels = test.images.slice(mistake.index * size, (mistake.index + 1) * size)
      const picture = { title: `${actual} → ${predicted}`, pixels, shape: test.shape }
      return { picture, actual, predicted, probability: mistake.probability }
    }),
  }
}

/** What a layer makes of a picture, and what it has learned to look for. */
export interface LayerView {
  readonly name: string
  readonly type: string
  /** Without the batch. */
  readonly outputShape: readonly number[]
  /** One picture a channel of a picture-shaped output, else one row of values. */
  readonly maps: readonly Picture[]
  /** Kernels of a first convolution, or of a first dense layer as pictures; none elsewhere. */
  readonly filters: readonly Picture[]
}

/** No more pictures of one layer. */
const SHOWN = 100

/**
 * What every layer makes of a picture, in order.
 *
 * @param pixels the picture as the network takes it
 */
export async function lookInside({ saved, shape }: Reader, pixels: Uint8Array): Promise<LayerView[]> {
  const { model, input } = saved
  const layers = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer')
  const outputs = layers.map((layer) => single(layer.output))
  const probe = tfl.model({ inputs: model.inputs, outputs })
  const made = tf.tidy(() => {
    const batch = tf.tensor(treat(pixels, input), [1, ...input.shape])
    return [probe.predict(batch)].flat()
  })
  const views: LayerView[] = []
  for (const [i, layer] of layers.entries()) {
    const tensor = made[i]
    if (tensor) views.push(await viewOf(layer, tensor, views.length === 0 ? shape : undefined))
    tensor?.dispose()
  }
  return views
}

async function viewOf(
  layer: tfl.layers.Layer,
  output: tf.Tensor,
  input: readonly [number, number, number] | undefined,
): Promise<LayerView> {
  const outputShape = output.shape.slice(1)
  const values = await output.data()
  const [height = 1, width = 1, channels = 1] = outputShape.length === 3 ? outputShape : [1, sizeOf(outputShape), 1]
  return {
    name: layer.name,
    type: layer.getClassName(),
    outputShape,
    maps: pictures(values, [height, width, channels]),
    filters: input ? await filtersOf(layer, input) : [],
  }
}

/** A kernel's columns as pictures: [3, 3, 1, n] of a convolution, or [784, n] of a dense layer read as 28x28. */
async function filtersOf(
  layer: tfl.layers.Layer,
  [height, width, channels]: readonly [number, number, number],
): Promise<Picture[]> {
  const kernel = layer.getWeights()[0]
  if (!kernel) return []
  const values = await kernel.data()
  if (kernel.shape.length === 4 && kernel.shape[2] === 1) {
    const [h = 1, w = 1, , n = 1] = kernel.shape
    return pictures(values, [h, w, n])
  }
  const isDense = kernel.shape.length === 2 && kernel.shape[0] === height * width * channels && channels === 1
  return isDense ? pictures(values, [height, width, kernel.shape[1] ?? 1]) : []
}

/** The channels of [height, width, channels] values as pictures, each stretched over 0..255. */
function pictures(values: ArrayLike<number>, [height, width, channels]: readonly [number, number, number]): Picture[] {
  return Array.from({ length: Math.min(SHOWN, channels) }, (_, channel) => {
    const one = Float32Array.from({ length: height * width }, (_, i) => values[i * channels + channel] ?? 0)
    const low = one.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    const high = one.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    const scale = high > low ? 255 / (high - low) : 0
    const pixels = Uint8Array.from(one, (value) => Math.round((value - low) * scale))
    return { title: String(channel), pixels, shape: [height, width, 1] }
  })
}

function single(output: tfl.SymbolicTensor | tfl.SymbolicTensor[]): tfl.SymbolicTensor {
  const [first] = [output].flat()
  if (first === undefined) throw new GichoError('bad-shape', 'expected a layer with an output.')
  return first
}
