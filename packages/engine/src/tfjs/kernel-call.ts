// What kernels read of a call: its tensors, and their sizes.
import { GichoError } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'

export type KernelCall = Parameters<tf.KernelFunc>[0]
export type FourSizes = [number, number, number, number]

/** @throws GichoError `unsupported` for what is no tensor of tfjs */
export function tensorOf(info: tf.TensorInfo | undefined): tf.Tensor {
  if (info instanceof tf.Tensor) return info
  throw new GichoError(
    'unsupported',
    `wasm kernel: expected a tfjs tensor, got ${typeof info}. Call the op, not the kernel.`,
  )
}

/** The sizes of an image or a filter; 0 where it has fewer axes. */
export function fourSizes(tensor: tf.TensorInfo | undefined): FourSizes {
  const [n = 0, h = 0, w = 0, c = 0] = tensor?.shape ?? []
  return [n, h, w, c]
}
