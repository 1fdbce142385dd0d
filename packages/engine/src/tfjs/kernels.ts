/*
 * What tfjs' wasm backend lacks, gets wrong or does slowly, from public tfjs ops.
 *
 * It lacks the filter gradient of convolutions and both gradients of depthwise ones, which are registered for good. Eight kernels are replaced for our own work alone, and put
 * back after it, so that a program that uses tfjs beside us keeps its numbers to the last bit:
 * - BatchMatMul has a fast path (XNNPACK) for plain operands and a naive loop for transposed ones, and gradients are
 *   always transposed. Transposing first takes dW of a 784x512 layer from 26 ms to 1.5, a perceptron step from 68 to 14.
 * - MaxPoolGrad sends the gradient of every window without a positive value to the first pixel of the batch, and that of
 *   a tie to the last maximum.
 * - Convolutions with "same" padding may read at shifted places: see same-padding.ts.
 * - The input gradient of Conv3D is wrong, and the filter gradient with strides: see volume-gradient.ts.
 * - _FusedMatMul and FusedConv2D turn NaN into 0 where they apply relu: training that has broken would look healthy.
 */
import { GichoError } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise-gradient.ts'
import { type FourSizes, fourSizes, type KernelCall, tensorOf } from './kernel-call.ts'
import { maxPoolGradient } from './max-pool-gradient.ts'
import { convOfPadded, depthwiseOfPadded, fusedConvOfPadded } from './same-padding.ts'
import { volumeFilterGradient, volumeInputGradient } from './volume-gradient.ts'

/** Undefined where the backend's own kernel serves. */
type Replacement = (call: KernelCall) => tf.Tensor | undefined

const REPLACED: Readonly<Record<string, Replacement>> = {
  [tf.BatchMatMul]: plainMatMul,
  [tf.MaxPoolGrad]: firstMaximumGradient,
  [tf._FusedMatMul]: matMulThenRelu,
  [tf.FusedConv2D]: (call) => convThenRelu(call) ?? fusedConvOfPadded(call),
  [tf.Conv2D]: convOfPadded,
  [tf.DepthwiseConv2dNative]: depthwiseOfPadded,
  [tf.Conv3DBackpropInputV2]: volumeInputGradient,
  [tf.Conv3DBackpropFilterV2]: volumeFilterGradient,
}

/** Kernels that the wasm backend has none of (tfjs #8474). */
const MISSING: Readonly<Record<string, (call: KernelCall) => tf.Tensor>> = {
  [tf.Conv2DBackpropFilter]: conv2dFilterGradient,
  [tf.DepthwiseConv2dNativeBackpropFilter]: depthwiseFilter,
  [tf.DepthwiseConv2dNativeBackpropInput]: depthwiseInput,
}

/** Registers with the wasm backend what it lacks; nothing for other backends. */
export function registerMissingKernels(backendName: string): void {
  if (backendName !== 'wasm') return
  for (const [kernelName, kernelFunc] of Object.entries(MISSING)) {
    if (!tf.getKernel(kernelName, backendName)) tf.registerKernel({ kernelName, backendName, kernelFunc })
  }
}

/** Does synchronous `work` with our kernels in the place of the backend's. */
export function withOwnKernels<T>(backendName: string, work: () => T): T {
  if (backendName !== 'wasm') return work()
  const originals = Object.keys(REPLACED).flatMap((name) => tf.getKernel(name, backendName) ?? [])
  for (const original of originals) {
    const replacement = REPLACED[original.kernelName]
    replaceKernel({ ...original, kernelFunc: (call) => replacement?.(call) ?? original.kernelFunc(call) })
  }
  try {
    return work()
  } finally {
    originals.forEach(replaceKernel)
  }
}

function replaceKernel(config: tf.KernelConfig): void {
  tf.unregisterKernel(config.kernelName, config.backendName)
  tf.registerKernel(config)
}

/** A product of transposed matrices as one of plain ones; undefined where there is nothing to gain. */
function plainMatMul({ inputs, attrs }: KernelCall): tf.Tensor | undefined {
  const transposeA = attrs?.transposeA === true
  const transposeB = attrs?.transposeB === true
  if (!transposeA && !transposeB) return undefined
  const a = tensorOf(inputs.a)
  const b = tensorOf(inputs.b)
  if (batchSize(a) !== 1 || batchSize(b) !== 1) return undefined
  return tf.tidy(() => {
    // A.B^T is also (B.A^T)^T: whichever moves fewer numbers.
    const [rows, columns] = [a.shape.at(-2) ?? 1, b.shape.at(-2) ?? 1]
    if (!transposeA && a.size + rows * columns < b.size) return swap(tf.matMul(b, swap(a)))
    return tf.matMul(transposeA ? swap(a) : a, transposeB ? swap(b) : b)
  })
}

/** The number of matrices in a tensor. */
function batchSize(tensor: tf.Tensor): number {
  return tensor.shape.slice(0, -2).reduce((product, size) => product * size, 1)
}

/** Transposes the last two axes. */
function swap(tensor: tf.Tensor): tf.Tensor {
  const last = tensor.rank - 1
  const order = Array.from({ length: tensor.rank }, (_, axis) => axis)
  return tf.transpose(tensor, [...order.slice(0, -2), last, last - 1])
}

function matMulThenRelu({ inputs, attrs }: KernelCall): tf.Tensor | undefined {
  if (attrs?.activation !== 'relu') return undefined
  const [a, b] = [tensorOf(inputs.a), tensorOf(inputs.b)]
  return tf.tidy(() => {
    const product = tf.matMul(a, b, attrs.transposeA === true, attrs.transposeB === true)
    return tf.relu(inputs.bias ? tf.add(product, tensorOf(inputs.bias)) : product)
  })
}

function convThenRelu({ inputs, attrs }: KernelCall): tf.Tensor | undefined {
  if (attrs?.activation !== 'relu') return undefined
  const { strides, pad, dataFormat, dilations, dimRoundingMode } = attrs as unknown as tf.FusedConv2DAttrs
  return tf.tidy(() => {
    const x: tf.Tensor4D = tf.reshape(tensorOf(inputs.x), fourSizes(inputs.x))
    const filter: tf.Tensor4D = tf.reshape(tensorOf(inputs.filter), fourSizes(inputs.filter))
    const output = tf.conv2d(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode)
    // The convolution itself already turns NaN into -Infinity: 0 times a sum is NaN as soon as one number is none.
    const broken = tf.mul(tf.add(tf.sum(x), tf.sum(filter)), 0)
    return tf.relu(tf.add(output, inputs.bias ? tf.add(tensorOf(inputs.bias), broken) : broken))
  })
}

function firstMaximumGradient({ inputs, attrs }: KernelCall): tf.Tensor {
  const [x, dy] = [tensorOf(inputs.input), tensorOf(inputs.dy)]
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as tf.MaxPoolGradAttrs
  const info = tf.backend_util.computePool2DInfo(fourSizes(x), filterSize, strides, 1, pad, dimRoundingMode)
  // On wasm these are copies within this process' memory: nothing waits for a device.
  return tf.tensor(maxPoolGradient(x.dataSync<'float32'>(), dy.dataSync<'float32'>(), info), x.shape)
}

function depthwiseFilter({ inputs, attrs }: KernelCall): tf.Tensor {
  const [x, dy] = [tensorOf(inputs.x), tensorOf(inputs.dy)]
  const { filterShape } = attrs as unknown as tf.DepthwiseConv2dNativeBackpropFilterAttrs
  const sizes = depthwiseSizes(fourSizes(x), filterShape, attrs)
  return tf.tensor(depthwiseFilterGradient(x.dataSync<'float32'>(), dy.dataSync<'float32'>(), sizes), filterShape)
}

function depthwiseInput({ inputs, attrs }: KernelCall): tf.Tensor {
  const [dy, filter] = [tensorOf(inputs.dy), tensorOf(inputs.filter)]
  const { inputShape } = attrs as unknown as tf.DepthwiseConv2dNativeBackpropInputAttrs
  const sizes = depthwiseSizes(inputShape, fourSizes(filter), attrs)
  return tf.tensor(depthwiseInputGradient(dy.dataSync<'float32'>(), filter.dataSync<'float32'>(), sizes), inputShape)
}

function depthwiseSizes(images: FourSizes, filter: FourSizes, attrs: tf.NamedAttrMap | undefined) {
  const { strides, pad, dimRoundingMode } = attrs as unknown as tf.DepthwiseConv2dNativeBackpropInputAttrs
  return tf.backend_util.computeConv2DInfo(images, filter, strides, 1, pad, dimRoundingMode, true)
}

/** dW of a convolution: the patches under every tap of the filter, [taps x C, N x OH x OW], times dY. */
function conv2dFilterGradient({ inputs, attrs }: KernelCall): tf.Tensor {
  const { x, dy, info } = readConvCall(inputs, attrs)
  const { padInfo: pad, strideHeight, strideWidth, outHeight, outWidth, filterHeight, filterWidth } = info
  return tf.tidy(() => {
    const padded = tf.pad(x, [
      [0, 0],
      [pad.top, pad.bottom],
      [pad.left, pad.right],
      [0, 0],
    ])
    const planes = tf.transpose(padded, [3, 0, 1, 2])
    const [channels = 0, batch = 0] = planes.shape
    const taps: tf.Tensor2D[] = []
    for (let r = 0; r < filterHeight; r++) {
      for (let s = 0; s < filterWidth; s++) {
        const end = [channels, batch, r + (outHeight - 1) * strideHeight + 1, s + (outWidth - 1) * strideWidth + 1]
        const tap = tf.stridedSlice(planes, [0, 0, r, s], end, [1, 1, strideHeight, strideWidth])
        taps.push(tf.reshape(tap, [channels, batch * outHeight * outWidth]))
      }
    }
    const gradient = tf.matMul(tf.concat(taps, 0), tf.reshape(dy, [-1, info.outChannels]))
    return tf.reshape(gradient, info.filterShape)
  })
}

function readConvCall(inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap | undefined) {
  const x = tensorOf(inputs.x)
  const dy = tensorOf(inputs.dy)
  const { strides, pad, dimRoundingMode, dataFormat, filterShape } = attrs as unknown as tf.Conv2DBackpropFilterAttrs
  if (dataFormat !== 'NHWC') {
    throw new GichoError('unsupported', `Conv2DBackpropFilter on wasm: expected NHWC data, got ${dataFormat}.`)
  }
  const info = tf.backend_util.computeConv2DInfo(fourSizes(x), filterShape, strides, 1, pad, dimRoundingMode)
  return { x, dy, info: { ...info, filterShape } }
}
