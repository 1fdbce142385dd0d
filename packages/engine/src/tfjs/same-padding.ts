/*
 * Convolutions with "same" padding on tfjs' wasm backend: where strides leave pixels over behind the last window, XNNPACK shifts its
 * windows (a kernel of [3, 1] with strides [1, 2], for one). There the zeros are put around the image first, and the windows are "valid"
 * ones. Each of these replaces a kernel, and gives undefined where the backend's own is right.
 */
import * as tf from '@tensorflow/tfjs-core'
import { fourSizes, type KernelCall, tensorOf } from './kernel-call.ts'

type Convolution = Pick<tf.FusedConv2DAttrs, 'strides' | 'activation' | 'leakyreluAlpha'> & {
  readonly pad: unknown
  /** Layers say null for none. */
  readonly dilations: [number, number] | number | null
}

interface Padded extends Pick<Convolution, 'strides' | 'activation' | 'leakyreluAlpha'> {
  readonly x: tf.Tensor4D
  readonly filter: tf.Tensor4D
  readonly dilations: [number, number] | number
}

/** A call with the zeros around its image; undefined where nothing is left over. */
function paddedCall({ inputs, attrs }: KernelCall, depthwise = false): Padded | undefined {
  const { pad, dilations: given, ...rest } = attrs as unknown as Convolution
  if (pad !== 'same') return undefined
  const dilations = given ?? 1
  const [sizes, shape] = [fourSizes(inputs.x), fourSizes(inputs.filter)]
  const info = tf.backend_util.computeConv2DInfo(sizes, shape, rest.strides, dilations, 'same', undefined, depthwise)
  const leftOver = (size: number, windows: number, stride: number, reach: number) =>
    size > (windows - 1) * stride + reach
  const below = leftOver(info.inHeight, info.outHeight, info.strideHeight, info.effectiveFilterHeight)
  const beside = leftOver(info.inWidth, info.outWidth, info.strideWidth, info.effectiveFilterWidth)
  if (!below && !beside) return undefined
  const { top, bottom, left, right } = info.padInfo
  const zeros: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]
  const x: tf.Tensor4D = tf.pad(tf.reshape(tensorOf(inputs.x), sizes), zeros)
  return { ...rest, dilations, x, filter: tf.reshape(tensorOf(inputs.filter), shape) }
}

export function convOfPadded(call: KernelCall): tf.Tensor | undefined {
  return tidied(() => {
    const padded = paddedCall(call)
    return padded && tf.conv2d(padded.x, padded.filter, padded.strides, 'valid', 'NHWC', padded.dilations)
  })
}

export function depthwiseOfPadded(call: KernelCall): tf.Tensor | undefined {
  return tidied(() => {
    const padded = paddedCall(call, true)
    return padded && tf.depthwiseConv2d(padded.x, padded.filter, padded.strides, 'valid', 'NHWC', padded.dilations)
  })
}

export function fusedConvOfPadded(call: KernelCall): tf.Tensor | undefined {
  const { bias, preluActivationWeights } = call.inputs
  return tidied(() => {
    const padded = paddedCall(call)
    if (!padded) return undefined
    const weights = preluActivationWeights && { preluActivationWeights: tensorOf(preluActivationWeights) }
    return tf.fused.conv2d({ ...padded, pad: 'valid', ...(bias && { bias: tensorOf(bias) }), ...weights })
  })
}

/** Work that may have no result; what it makes besides is freed. */
function tidied(work: () => tf.Tensor | undefined): tf.Tensor | undefined {
  const [result] = tf.tidy(() => [work()].flatMap((tensor) => tensor ?? []))
  return result
}
