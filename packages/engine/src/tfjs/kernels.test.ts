import '@tensorflow/tfjs-backend-cpu'
import { RandomState } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
// Registers the gradients of tfjs' ops.
import '@tensorflow/tfjs-layers'
import { beforeAll, expect, test } from 'vitest'
import { nodeDrivers } from './drivers.node.ts'
import { registerMissingKernels, withOwnKernels } from './kernels.ts'

beforeAll(async () => {
  await nodeDrivers.wasm.start({ acceptSoftware: true })
  registerMissingKernels('wasm')
})

/** The same computation on both backends, our kernels in use on wasm. */
async function onBoth(work: () => tf.Tensor): Promise<[cpu: Float32Array, wasm: Float32Array]> {
  const run = async (backend: string): Promise<Float32Array> => {
    await tf.setBackend(backend)
    const result = withOwnKernels(backend, () => tf.tidy(work))
    const values = await result.data<'float32'>()
    result.dispose()
    return values.slice()
  }
  return [await run('cpu'), await run('wasm')]
}

function random(shape: number[], seed: number, low = -1): tf.Tensor {
  const state = new RandomState(seed)
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => state.uniform(low, 1)),
    shape,
  )
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual).toHaveLength(expected.length)
  // Sums of up to 200 products of numbers below 1, in another order.
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 4)
  })
}

test.each([
  [1, 'same', 5],
  [2, 'same', 5],
  [2, 'valid', 6],
  [1, 'valid', 7],
] as const)(
  'the filter gradient of a convolution with stride %i, %s, on %i pixels is the cpu backend’s',
  async (stride, pad, size) => {
    const [cpu, wasm] = await onBoth(() => {
      const x = random([2, size, size, 3], 1) as tf.Tensor4D
      const convolve = (filter: tf.Tensor): tf.Tensor => tf.square(tf.conv2d(x, filter as tf.Tensor4D, stride, pad))
      return tf.grad(convolve)(random([3, 3, 3, 4], 2))
    })
    expectClose(wasm, cpu)
  },
)

test.each([
  [[1, 1], 'same', 1],
  [[2, 1], 'same', 3],
  [[1, 2], 'valid', 2],
] as const)(
  'the gradients of a depthwise convolution with strides %j, %s, and %i outputs a channel are the cpu backend’s',
  async (strides, pad, multiplier) => {
    const convolve = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
      tf.square(tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, [...strides], pad))
    for (const which of [0, 1] as const) {
      const [cpu, wasm] = await onBoth(() => {
        const [dx, dw] = tf.grads(convolve)([random([2, 6, 5, 3], 1), random([3, 2, 3, multiplier], 2)])
        return (which === 0 ? dx : dw) ?? tf.scalar(Number.NaN)
      })
      expectClose(wasm, cpu)
    }
  },
)

test.each([
  [1, 'valid', [4, 5, 3]],
  [1, 'same', [4, 5, 3]],
  [2, 'same', [5, 4, 3]],
  [[2, 1, 3], 'valid', [6, 4, 7]],
  [3, 'same', [4, 5, 6]],
] as const)(
  'the gradients of a convolution in three dimensions with strides %j, %s, on %j voxels are the cpu backend’s',
  async (strides, pad, size) => {
    const by = typeof strides === 'number' ? strides : ([...strides] as [number, number, number])
    const convolve = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
      tf.square(tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, by, pad))
    for (const which of [0, 1] as const) {
      const [cpu, wasm] = await onBoth(() => {
        const [dx, dw] = tf.grads(convolve)([random([2, ...size, 2], 1), random([2, 3, 1, 2, 3], 2)])
        return (which === 0 ? dx : dw) ?? tf.scalar(Number.NaN)
      })
      expectClose(wasm, cpu)
    }
  },
)

test.each([
  [true, false, 7, 5, 3],
  [false, true, 7, 5, 3],
  [true, true, 7, 5, 3],
  [false, true, 2, 9, 40],
  [false, false, 7, 5, 3],
])('products with transposed operands (%s, %s) of %i x %i x %i are the cpu backend’s', async (ta, tb, m, k, n) => {
  const [cpu, wasm] = await onBoth(() =>
    tf.matMul(random(ta ? [k, m] : [m, k], 1), random(tb ? [n, k] : [k, n], 2), ta, tb),
  )
  expectClose(wasm, cpu)
})

test('batched products are left to the backend', async () => {
  const [cpu, wasm] = await onBoth(() => tf.matMul(random([3, 4, 5], 1), random([3, 4, 6], 2), true, false))
  expectClose(wasm, cpu)
})

test.each([
  ['windows that overlap', [2, 7, 7, 3], 3, 2],
  ['windows that reach over the edge', [2, 7, 7, 3], 2, 2],
] as const)('the gradient of max pooling with %s is the cpu backend’s', async (_, shape, size, stride) => {
  const [cpu, wasm] = await onBoth(() =>
    tf.grad((x: tf.Tensor) => tf.square(tf.maxPool(x as tf.Tensor4D, size, stride, 'same')))(random([...shape], 3)),
  )
  expectClose(wasm, cpu)
})

test('the gradient of a pooling window goes to its first maximum, also among negative numbers and equal ones', async () => {
  const [cpu, wasm] = await onBoth(() => {
    const x = tf.tensor4d([-5, -1, 0, 0, -3, -4, 0, 0, 1, 1, -7, -8, 1, 1, -6, -9], [1, 4, 4, 1])
    const weights = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1])
    return tf.grad((image: tf.Tensor) => tf.mul(tf.maxPool(image as tf.Tensor4D, 2, 2, 'same'), weights))(x)
  })
  expect([...wasm]).toEqual([0, 1, 2, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 4, 0])
  expect(wasm).toEqual(cpu)
})

test('the gradient of average pooling is the cpu backend’s', async () => {
  const [cpu, wasm] = await onBoth(() =>
    tf.grad((x: tf.Tensor) => tf.square(tf.avgPool(x as tf.Tensor4D, 2, 2, 'same')))(random([2, 7, 7, 3], 3)),
  )
  expectClose(wasm, cpu)
})

test('NaN goes through relu fused with a product or a convolution', async () => {
  const [, product] = await onBoth(() =>
    tf.fused.matMul({ a: tf.tensor2d([Number.NaN, -1, 2], [3, 1]), b: tf.tensor2d([1], [1, 1]), activation: 'relu' }),
  )
  expect([...product]).toEqual([Number.NaN, 0, 2])
  const [, convolution] = await onBoth(() =>
    tf.fused.conv2d({
      x: tf.tensor4d([Number.NaN, -1, 2, 3], [1, 2, 2, 1]),
      filter: tf.tensor4d([1], [1, 1, 1, 1]),
      strides: 1,
      pad: 'same',
      bias: tf.tensor1d([1]),
      activation: 'relu',
    }),
  )
  // All of it: the backend's own convolution has lost where the NaN was.
  expect([...convolution]).toEqual(Array(4).fill(Number.NaN))
})

test('the backend has its own kernels back afterwards, also after an error', () => {
  const before = tf.getKernel(tf.BatchMatMul, 'wasm')
  expect(() =>
    withOwnKernels('wasm', () => {
      expect(tf.getKernel(tf.BatchMatMul, 'wasm')).not.toBe(before)
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(tf.getKernel(tf.BatchMatMul, 'wasm')).toBe(before)
})
