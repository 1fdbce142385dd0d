/*
 * For tests only: what tfjs-node and tfjs-node-gpu do while they are loaded, without TensorFlow: they register a backend that says
 * whether it computes on a GPU, and make it the program's. It does where the global `fakeTensorflowHasGpu` is true.
 * As @gicho/tensorflow it tells its device, where the global `fakeTensorflowDevice` is one.
 */
import * as tf from '@tensorflow/tfjs-core'

class FakeTensorflow extends tf.KernelBackend {
  isUsingGpuDevice = Reflect.get(globalThis, 'fakeTensorflowHasGpu') === true

  dispose() {}
}

tf.registerBackend('tensorflow', () => new FakeTensorflow(), 3)
void tf.setBackend('tensorflow')

export const device =
  Reflect.get(globalThis, 'fakeTensorflowDevice') && (() => Reflect.get(globalThis, 'fakeTensorflowDevice'))
