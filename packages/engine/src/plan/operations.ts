import type { KernelName } from '../ops/kernel-table.ts'
import type { Call } from './schedule.ts'

type Count = (a: (name: string) => number, tiles: number) => number

/** Winograd's F(2x2, 3x3): sixteen products for each four pixels. */
const winograd: Count = (a) => 16 * Math.ceil(a('height') / 2) * Math.ceil(a('width') / 2) * a('inputs') * a('columns')
const nineTaps: Count = (a) => 9 * a('height') * a('width') * a('columns')
const places: Count = (a) => a('outHeight') * a('outWidth') * a('kernelY') * a('kernelX') * a('columns')

/** Multiplications with an addition of each kernel that is a product of matrices or a convolution. */
const products: Partial<Record<KernelName, Count>> = {
  gemm: (a) => a('rows') * a('segmentCount') * a('segmentLength') * a('columns'),
  denseDx: (a) => a('batch') * a('inputs') * a('columns'),
  denseDw: (a) => a('batch') * a('inputs') * a('columns'),
  convDw: (a) => a('batch') * a('height') * a('width') * a('segmentCount') * a('segmentLength') * a('columns'),
  singleChannelConv: (a, tiles) => nineTaps(a, tiles) * tiles,
  singleChannelDw: (a, tiles) => nineTaps(a, tiles) * a('batch'),
  stemSums: (a, tiles) => nineTaps(a, tiles) * tiles,
  stemForward: (a, tiles) => nineTaps(a, tiles) * tiles,
  // Once more forward, and the gradient of the kernel.
  stemGrad: (a, tiles) => 2 * nineTaps(a, tiles) * a('batch'),
  depthwise: (a, tiles) => places(a, tiles) * tiles,
  depthwiseDx: (a, tiles) => places(a, tiles) * tiles,
  depthwiseDw: (a, tiles) => places(a, tiles) * a('batch'),
  stridedDx: (a, tiles) => places(a, tiles) * a('inputs') * tiles,
  winogradConv: (a, tiles) => winograd(a, tiles) * tiles,
  winogradDw: (a, tiles) => winograd(a, tiles) * a('batch'),
}

/** Floating-point operations of a call's products, as they are done; 0 for calls that only move and scale values. */
export function operationsOf({ kernel, tiles, args }: Call): number {
  const number = (name: string): number => {
    const value = args[name]
    return typeof value === 'number' ? value : 0
  }
  return 2 * (products[kernel]?.(number, tiles) ?? 0)
}
