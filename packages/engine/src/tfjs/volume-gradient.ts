/*
 * The gradients of Conv3D, which tfjs' wasm backend gets wrong: that of the input everywhere, that of the filter with strides beyond 1.
 * Both are convolutions of the same backend, whose forward pass is right: dY, with its values a stride apart, takes the place of the
 * input or of the filter.
 */
import * as tf from '@tensorflow/tfjs-core'
import { type KernelCall, tensorOf } from './kernel-call.ts'

type FiveSizes = [number, number, number, number, number]

/** dX: dY, a stride apart and widened by the filter, under the mirrored filter. */
export function volumeInputGradient({ inputs, attrs }: KernelCall): tf.Tensor {
  const { strides, pad, inputShape } = attrs as unknown as tf.Conv3DBackpropInputV2Attrs
  return tf.tidy(() => {
    const dy = fiveAxes(tensorOf(inputs.dy))
    const filter = fiveAxes(tensorOf(inputs.filter))
    const sizes = tf.backend_util.computeConv3DInfo(inputShape, filter.shape, strides, 1, pad)
    const spread = AXES.reduce((tensor, axis) => {
      const { input, kernel, stride, before } = alongAxis(sizes, axis)
      const apart = setApart(tensor, axis + 1, stride)
      const front = kernel - 1 - before
      return padAxis(apart, axis + 1, front, input + kernel - 1 - front - (apart.shape[axis + 1] ?? 0))
    }, dy)
    const mirrored = tf.transpose(tf.reverse(filter, [0, 1, 2]), [0, 1, 2, 4, 3])
    return tf.conv3d(spread, mirrored, 1, 'valid')
  })
}

/** dW: the images, with channels for a batch, under a filter of dY a stride apart, with the batch for its channels. */
export function volumeFilterGradient({ inputs, attrs }: KernelCall): tf.Tensor {
  const { strides, pad, filterShape } = attrs as unknown as tf.Conv3DBackpropFilterV2Attrs
  return tf.tidy(() => {
    const x = fiveAxes(tensorOf(inputs.x))
    const sizes = tf.backend_util.computeConv3DInfo(x.shape, filterShape, strides, 1, pad)
    const apart = AXES.reduce(
      (tensor, axis) => setApart(tensor, axis + 1, alongAxis(sizes, axis).stride),
      fiveAxes(tensorOf(inputs.dy)),
    )
    const seen = AXES.reduce((tensor, axis) => {
      const { input, kernel, before } = alongAxis(sizes, axis)
      const length = (apart.shape[axis + 1] ?? 0) + kernel - 1
      const padded = padAxis(tensor, axis + 1, before, Math.max(0, length - input - before))
      const size = padded.shape.map((full, at) => (at === axis + 1 ? length : full))
      return fiveAxes(tf.slice(padded, [0, 0, 0, 0, 0], size))
    }, x)
    const planes = fiveAxes(tf.transpose(seen, [4, 1, 2, 3, 0]))
    const windows = fiveAxes(tf.transpose(apart, [1, 2, 3, 0, 4]))
    return tf.transpose(tf.conv3d(planes, windows, 1, 'valid'), [1, 2, 3, 0, 4])
  })
}

const AXES = [0, 1, 2] as const
type Sizes = ReturnType<typeof tf.backend_util.computeConv3DInfo>

/** What a convolution does along depth, height or width. */
function alongAxis(sizes: Sizes, axis: (typeof AXES)[number]) {
  const { inDepth, inHeight, inWidth, filterDepth, filterHeight, filterWidth } = sizes
  const { strideDepth, strideHeight, strideWidth, padInfo } = sizes
  const each = [
    { input: inDepth, kernel: filterDepth, stride: strideDepth, before: padInfo.front },
    { input: inHeight, kernel: filterHeight, stride: strideHeight, before: padInfo.top },
    { input: inWidth, kernel: filterWidth, stride: strideWidth, before: padInfo.left },
  ] as const
  return each[axis]
}

/** Puts `stride - 1` zeros between the values of an axis. */
function setApart(tensor: tf.Tensor5D, axis: number, stride: number): tf.Tensor5D {
  if (stride === 1) return tensor
  const { shape } = tensor
  const length = shape[axis] ?? 0
  const rows = tf.reshape(tensor, [product(shape.slice(0, axis)) * length, 1, product(shape.slice(axis + 1))])
  const wide = tf.pad(rows, [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ])
  const joined = fiveAxes(tf.reshape(wide, replaced(shape, axis, length * stride)))
  // Behind the last value there are none.
  const end = replaced(shape, axis, (length - 1) * stride + 1)
  return fiveAxes(tf.slice(joined, [0, 0, 0, 0, 0], end))
}

function padAxis(tensor: tf.Tensor5D, axis: number, before: number, after: number): tf.Tensor5D {
  if (before === 0 && after === 0) return tensor
  const pads = tensor.shape.map((_, at): [number, number] => (at === axis ? [before, after] : [0, 0]))
  return fiveAxes(tf.pad(tensor, pads))
}

function replaced(shape: FiveSizes, axis: number, size: number): FiveSizes {
  const copy: FiveSizes = [...shape]
  copy[axis] = size
  return copy
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1)
}

function fiveAxes(tensor: tf.Tensor): tf.Tensor5D {
  const [n = 0, d = 0, h = 0, w = 0, c = 0] = tensor.shape
  return tf.reshape(tensor, [n, d, h, w, c])
}
