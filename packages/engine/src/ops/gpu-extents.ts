/*
 * What memory each kernel of the GPU touches, from its arguments: of a tensor the pixels that it reads or writes, of any other place so
 * many bytes. A plan is only made when all of it lies inside the buffers (plan/check-gpu-calls.ts), and when every place that a call
 * names stands here. What stands here is read off the index arithmetic of webgpu/kernels.
 */
import type { Mask, Ref, Tensor, WeightRef } from './emitter.ts'
import type { Chunks, GpuKernels, NormSource, Window } from './gpu-table.ts'
import { storedRows } from './product.gpu.ts'

/** The end of what is touched, counted from a place. */
export interface GpuTouch {
  readonly at: Ref
  readonly bytes: number
}

type Sizes = Partial<Pick<Tensor, 'batch' | 'height' | 'width' | 'columns'>>
type Touched = GpuTouch | undefined

const BYTE_TABLE = 1024
const RECORD = 16

/** A tensor, or as much of it as another one's sizes say. */
function whole(tensor: Tensor, sizes: Sizes = {}): GpuTouch {
  const { batch, height, width, columns } = { ...tensor, ...sizes }
  const last = (batch - 1) * tensor.image + (height - 1) * tensor.row + (width - 1) * tensor.pixel
  return { at: tensor.at, bytes: last + columns * 4 }
}

/** The pixels of `tensor` that `other` has. */
function like({ batch, height, width, columns }: Tensor, tensor: Tensor | undefined): Touched {
  return tensor && whole(tensor, { batch, height, width, columns })
}

function place(at: Ref | undefined, bytes: number): Touched {
  return at && { at, bytes }
}

function masked(dx: Tensor, mask: Mask | undefined): Touched {
  return like(dx, mask?.tensor)
}

/** A kernel in panels of eight columns, or (`panelBytes` 0) in rows of `columns`. */
function panels({ at, panelBytes }: WeightRef, rows: number, columns: number): GpuTouch {
  const bytes = panelBytes === 0 ? rows * columns * 4 : (Math.ceil(columns / 8) - 1) * panelBytes + rows * 32
  return { at, bytes }
}

const taps = ({ kernel }: Window): number => kernel[0] * kernel[1]

function partials(
  { at, splits }: { readonly at: Ref; readonly splits: number },
  rows: number,
  columns: number,
): GpuTouch {
  return { at, bytes: splits * storedRows(rows) * columns * 4 }
}

function chunkSums(out: Ref, { chunks }: Chunks, columns: number): GpuTouch {
  return { at: out, bytes: chunks * 2 * columns * 4 }
}

function sourceOf({ gamma, beta, movingMean, movingVariance }: NormSource, columns: number): Touched[] {
  return [gamma, beta, movingMean, movingVariance].map((ref) => place(ref, columns * 4))
}

const vector = (weight: WeightRef | undefined, columns: number): Touched => place(weight?.at, columns * 4)

/** Pixels that a 2x2 pool reads without looking whether they are there. */
function corners(x: Tensor, y: Tensor): GpuTouch {
  const height = Math.max(2 * y.height - 1, Math.min(x.height, 2 * y.height))
  const width = Math.max(2 * y.width - 1, Math.min(x.width, 2 * y.width))
  return whole(x, { batch: y.batch, height, width, columns: y.columns })
}

/** Images, and the same `size` times as large: neither is read where it ends before. */
function enlarged(image: Tensor, large: Tensor, size: readonly [number, number]): readonly GpuTouch[] {
  const { batch, columns } = image
  return [whole(image), whole(large, { batch, height: image.height * size[0], width: image.width * size[1], columns })]
}

const pixelsOf = ({ batch, height, width }: Tensor): number => batch * height * width

/** Of each kernel, every place of its arguments. */
export const gpuExtents: { readonly [K in keyof GpuKernels]: (args: GpuKernels[K]) => readonly Touched[] } = {
  gather: ({ y, table }) => [whole(y), place(table, BYTE_TABLE)],
  product: ({ x, y, window, w, bias }) => [
    whole(x, { batch: y.batch }),
    whole(y),
    panels(w, taps(window) * x.columns, y.columns),
    place(bias, y.columns * 4),
  ],
  productDx: ({ dz, dx, window, w, mask }) => [
    whole(dz, { batch: dx.batch }),
    whole(dx),
    panels(w, taps(window) * dx.columns, dz.columns),
    masked(dx, mask),
  ],
  productDw: ({ x, dz, window, w, bias, partial }) => [
    whole(x, { batch: dz.batch }),
    whole(dz),
    panels(w, taps(window) * x.columns, dz.columns),
    vector(bias, dz.columns),
    partial && partials(partial, taps(window) * x.columns, dz.columns),
  ],
  reduceUpdate: ({ partial, rows, columns, w, bias }) => [
    partials(partial, rows, columns),
    panels(w, rows, columns),
    vector(bias, columns),
  ],
  normSums: ({ x, chunks, out }) => [whole(x), chunkSums(out, chunks, x.columns)],
  normFinish: ({ sums, chunks, columns, source, stats }) => [
    chunkSums(sums, chunks, columns),
    ...sourceOf(source, columns),
    place(stats, columns * 16),
  ],
  normApply: ({ x, y, stats, source, pool, winner }) => [
    pool ? corners(x, y) : like(y, x),
    whole(y),
    place(stats, y.columns * 16),
    ...sourceOf(source, y.columns),
    like(y, winner),
  ],
  normGradSums: ({ x, dy, stats, winner, chunks, out }) => [
    winner ? corners(x, dy) : like(dy, x),
    whole(dy),
    place(stats, x.columns * 16),
    like(dy, winner),
    chunkSums(out, chunks, x.columns),
  ],
  normGradFinish: ({ sums, chunks, columns, stats, coefficients, gamma, beta }) => [
    chunkSums(sums, chunks, columns),
    place(stats, columns * 16),
    place(coefficients, columns * 12),
    vector(gamma, columns),
    vector(beta, columns),
  ],
  normGrad: ({ x, dy, dx, stats, source, coefficients, winner, mask }) => [
    whole(x),
    winner ? whole(dy, { batch: x.batch, columns: x.columns }) : like(x, dy),
    like(x, dx),
    place(stats, x.columns * 16),
    ...sourceOf(source, x.columns),
    place(coefficients, x.columns * 12),
    like(dy, winner),
    masked(x, mask),
  ],
  maxPool: ({ x, y, winner }) => [whole(x, { batch: y.batch, columns: y.columns }), whole(y), like(y, winner)],
  maxPoolGrad: ({ dy, dx, winner, mask }) => [
    whole(dy, { batch: dx.batch, columns: dx.columns }),
    whole(dx),
    like(dy, winner),
    masked(dx, mask),
  ],
  copy: ({ x, y }) => [like(y, x), whole(y)],
  relayout: ({ x, y }) => {
    const width = Math.ceil((y.height * y.width * y.channels) / x.channels)
    return [whole(x, { batch: y.batch, height: 1, width }), whole(y)]
  },
  shift: ({ x, y }) => [whole(x, { batch: y.batch }), whole(y)],
  upSample: ({ x, y, size }) => enlarged(x, y, size),
  upSampleGrad: ({ dy, dx, size }) => enlarged(dx, dy, size),
  upSampleBilinear: ({ x, y, size }) => enlarged(x, y, size),
  upSampleBilinearGrad: ({ dy, dx, size }) => enlarged(dx, dy, size),
  averagePool: ({ x, y }) => [whole(x, { batch: y.batch, columns: y.columns }), whole(y)],
  averagePoolGrad: ({ dy, dx }) => [whole(dy, { batch: dx.batch, columns: dx.columns }), whole(dx)],
  globalMax: ({ x, y }) => [whole(x, { batch: pixelsOf(y), columns: y.columns }), whole(y)],
  globalMaxGrad: ({ x, y, dy, dx }) => [
    whole(x, { batch: pixelsOf(y), columns: y.columns }),
    whole(y),
    like(y, dy),
    like(x, dx),
  ],
  noise: ({ x, y }) => [like(y, x), whole(y)],
  layerNorm: ({ x, y, gamma, beta, stats }) => [
    whole(x),
    like(x, y),
    place(gamma, x.columns * 4),
    place(beta, x.columns * 4),
    place(stats, pixelsOf(x) * 16),
  ],
  layerNormGrad: ({ x, dy, dx, gamma, stats }) => [
    whole(x),
    like(x, dy),
    like(x, dx),
    place(gamma, x.columns * 4),
    place(stats, pixelsOf(x) * 16),
  ],
  layerNormSums: ({ x, dy, stats, chunks, out }) => [
    whole(x),
    like(x, dy),
    place(stats, pixelsOf(x) * 16),
    chunkSums(out, chunks, x.columns),
  ],
  layerNormUpdate: ({ sums, chunks, columns, gamma, beta }) => [
    chunkSums(sums, chunks, columns),
    vector(gamma, columns),
    vector(beta, columns),
  ],
  depthwise: ({ x, y, window, w, bias }) => [
    whole(x, { batch: y.batch }),
    whole(y),
    place(w.at, taps(window) * y.columns * 4),
    place(bias, y.columns * 4),
  ],
  depthwiseDx: ({ dz, dx, window, w }) => [
    whole(dz, { batch: dx.batch }),
    whole(dx),
    place(w.at, taps(window) * dz.columns * 4),
  ],
  depthwiseDw: ({ x, dz, window, partial }) => [
    whole(x, { batch: dz.batch }),
    whole(dz),
    partials(partial, taps(window), dz.columns),
  ],
  penalty: ({ w, words, sums }) => [place(w, words * 4), place(sums, RECORD)],
  maxNorm: ({ w, words }) => [place(w, words * 4)],
  activate: ({ x, y }) => [like(y, x), whole(y)],
  activateGrad: ({ v, dy, dx }) => [whole(v), like(v, dy), like(v, dx)],
  finishGrad: ({ y, dy }) => [whole(y), like(y, dy)],
  loss: ({ z, dz, classes, sums }) => {
    const row = { batch: z.batch, height: 1, width: 1, columns: Math.ceil(classes / 4) * 4 }
    return [whole(z, row), dz && whole(dz, row), place(sums, RECORD)]
  },
  outputs: ({ z, p, classes }) => {
    const row = { height: 1, width: 1, columns: Math.ceil(classes / 4) * 4 }
    return [whole(z, row), place(p, whole(z, row).bytes)]
  },
  gradientSquares: ({ gradient, words, norms, index }) => [
    place(gradient, words * 4),
    place(norms, (index + 1) * RECORD),
  ],
  applyUpdate: ({ w, words, norms, index, count }) => [
    place(w, words * 4),
    place(norms, Math.max(index + 1, count) * RECORD),
  ],
}
