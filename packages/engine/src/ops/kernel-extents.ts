/*
 * What memory each kernel touches, from its arguments: for every argument that is an address, the first byte and the one behind the last,
 * counted from that address. A plan is only made when all of it lies inside the buffers (plan/check-calls.ts), so a kernel without an
 * entry here, or one whose entry forgets an address, can't be planned. What stands here is read off the loops in wasm/kernels.
 */
import { controlTable, type KernelArguments, type KernelName, updateTable } from './kernel-table.ts'

/** Bytes of a buffer that are touched, from an address on. */
export interface Extent {
  readonly from: number
  readonly to: number
}

export interface CallSize {
  readonly tiles: number
  /** The words of a list in the plan's memory. */
  words(name: string): Int32Array
}

type Numbers = Readonly<Record<string, number>>
type Touched = Extent | number | undefined
type Rule<K extends KernelName> = (a: KernelArguments<K>, size: CallSize) => Readonly<Record<string, Touched>>

const RECORD = updateTable.length * 4
const SUMS = controlTable.plainRate + 4
const BYTE_TABLE = 1024
const DRAW = 72
const LABEL = 2

const fours = (n: number): number => Math.ceil(n / 4) * 4
const panels = (columns: number): number => Math.ceil(columns / 8)

/** The end of images of `height` rows of `width` pixels, of which `columns` values are touched. */
function pixels(a: Numbers, x: string, images: number, height: number, width: number, columns: number): number {
  const [image = 0, row = 0, pixel = 0] = [a[`${x}Image`], a[`${x}Row`], a[`${x}Pixel`]]
  return (images - 1) * image + (height - 1) * row + (width - 1) * pixel + columns * 4
}

/** The same for rows of values alone. */
function rows(count: number, row: number, values: number): number {
  return (count - 1) * row + values * 4
}

/** The end of panels of 8 columns with so many rows. */
function panelRows(columns: number, panelBytes: number, count: number): number {
  return (panels(columns) - 1) * panelBytes + count * 32
}

/** Images that are read through segments: windows, as far as they reach into the halo. */
function windows(a: Numbers, x: string, images: number, segments: Int32Array, values: number): Extent {
  const offsets = Array.from(segments)
  const last = pixels(a, x, images, a.height ?? 0, a.width ?? 0, values)
  return { from: Math.min(0, ...offsets), to: last + Math.max(0, ...offsets) }
}

/** Winograd's windows: one row and column before the image, and whole tiles of it. */
function winogradWindows(a: Numbers, images: number): Extent {
  const [row = 0, pixel = 0, height = 0, width = 0] = [a.xRow, a.xPixel, a.height, a.width]
  const to = pixels(a, 'x', images, 2 * Math.ceil(height / 2) + 1, 2 * Math.ceil(width / 2) + 1, a.inputs ?? 0)
  return { from: -row - pixel, to }
}

/** Rows (or columns) that a 2x2 pool of `out` reads where there are `size`. */
const pooled = (size: number, out: number): number => Math.max(2 * out - 1, Math.min(size, 2 * out))

/** Bytes of winners that a gradient of a 2x2 pool reads, and the pixels of its dy. */
function unpooled(a: Numbers, images: number): { winner: number; dy: number } {
  const [height = 0, width = 0, outHeight = 0, outWidth = 0, columns = 0] = [
    a.height,
    a.width,
    a.outHeight,
    a.outWidth,
    a.columns,
  ]
  const [lines, places] = [Math.ceil(height / 2), Math.ceil(width / 2)]
  const winner = (((images - 1) * outHeight + lines - 1) * outWidth + places) * columns
  return { winner, dy: pixels(a, 'dy', images, lines, places, columns) }
}

/** Tensors of which a call touches the same pixels of each image. */
function same(a: Numbers, images: number, columns: number, ...names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, pixels(a, name, images, a.height ?? 0, a.width ?? 0, columns)]))
}

/** Of a window's layer: what lies before it, and what behind it. */
function around(a: Numbers, images: number, before: string, behind: string, values: number): Record<string, number> {
  return {
    [before]: pixels(a, before, images, a.height ?? 0, a.width ?? 0, values),
    [behind]: pixels(a, behind, images, a.outHeight ?? 0, a.outWidth ?? 0, a.columns ?? 0),
  }
}

/** An image, and the same `sizeY` x `sizeX` times as large. */
function enlarged(a: Numbers, images: number, from: string, to: string): Record<string, number> {
  const { height = 0, width = 0, columns = 0, sizeY = 1, sizeX = 1 } = a
  return {
    [from]: pixels(a, from, images, height, width, columns),
    [to]: pixels(a, to, images, height * sizeY, width * sizeX, columns),
  }
}

const stemWeights = (a: Numbers): Record<string, number> => ({
  segments: 12,
  w: panelRows(a.columns ?? 0, a.panelBytes ?? 0, 9),
  bias: (a.columns ?? 0) * 4,
})

/** Partial gradients of a single-channel kernel and its bias, group by group. */
function stemPartial(a: Numbers): number {
  const [groups = 0, groupBytes = 0, biasOffset = 0, columns = 0, panelBytes = 0] = [
    a.groups,
    a.groupBytes,
    a.biasOffset,
    a.columns,
    a.panelBytes,
  ]
  return (groups - 1) * groupBytes + Math.max(groupBytes, biasOffset + columns * 4, panelRows(columns, panelBytes, 9))
}

/** Channels that a depthwise convolution reads of its input. */
const depthwiseInputs = (a: Numbers): number =>
  a.multiplier === 1 ? (a.columns ?? 0) : Math.floor(((a.columns ?? 0) - 1) / (a.multiplier ?? 1)) + 1

const norm = (columns: number) => ({
  gamma: columns * 4,
  beta: columns * 4,
  movingMean: columns * 4,
  movingVariance: columns * 4,
  stats: columns * 16,
})

/** Of each kernel, every address: its bytes from the first to the last, or only the end where it begins at the address. */
const kernelExtents: { readonly [K in KernelName]: Rule<K> } = {
  end: () => ({}),
  barrier: () => ({}),
  gather: (a, { tiles }) => ({
    y: pixels(a, 'y', tiles, a.height, a.width, Math.max(a.channels, Math.floor(a.yPixel / 4))),
    // Rows are held against the number of images when a run is asked for.
    images: a.height * a.width * a.channels,
    table: BYTE_TABLE,
  }),
  gatherDrawn: (a, { tiles }) => ({
    y: Math.max(
      pixels(a, 'y', tiles, a.height, a.width, Math.max(a.channels, a.yPixel / 4)),
      (tiles - 1) * a.yImage + a.height * a.width * a.channels * 4 + a.tailBytes,
    ),
    images: a.height * a.width * a.channels,
    table: BYTE_TABLE,
    draws: tiles * DRAW,
  }),
  gemm: (a, { words }) => {
    const images = Math.ceil(a.rows / (a.height * a.width))
    return {
      x: windows(a, 'x', images, words('segments'), a.segmentLength),
      y: pixels(a, 'y', images, a.height, a.width, a.columns),
      segments: a.segmentCount * 4,
      w: panelRows(a.columns, a.panelBytes, a.segmentCount * a.segmentLength),
      bias: a.columns * 4,
    }
  },
  denseDx: (a) => ({
    dz: rows(a.batch, a.dzRow, a.columns),
    w: panelRows(a.columns, a.panelBytes, fours(a.inputs)),
    dx: rows(a.batch, a.dxRow, a.inputs),
    y: rows(a.batch, a.yRow, fours(a.inputs)),
  }),
  denseDw: (a) => ({
    x: rows(a.batch, a.xRow, a.inputs),
    dz: rows(a.batch, a.dzRow, a.columns),
    w: panelRows(a.columns, a.panelBytes, a.inputs),
    update: RECORD,
  }),
  convDw: (a, { words }) => ({
    x: windows(a, 'x', a.batch, words('segments'), a.segmentLength),
    dz: pixels(a, 'dz', a.batch, a.height, a.width, panels(a.columns) * 8),
    segments: a.segmentCount * 4,
    w: panelRows(a.columns, a.panelBytes, a.segmentCount * a.segmentLength),
    update: RECORD,
  }),
  biasUpdate: (a) => ({ dz: rows(a.batch, a.dzRow, a.columns), w: a.columns * 4, update: RECORD }),
  maxPool: (a, { tiles }) => ({
    ...around(a, tiles, 'x', 'y', a.columns),
    winner: tiles * a.outHeight * a.outWidth * a.columns,
  }),
  maxPoolGrad: (a, { tiles }) => ({
    ...around(a, tiles, 'dx', 'dy', a.dxPixel / 4),
    winner: tiles * a.outHeight * a.outWidth * a.columns,
  }),
  relu: (a, { tiles }) => same(a, tiles, a.columns, 'y'),
  reluGrad: (a, { tiles }) => same(a, tiles, a.columns, 'y', 'dy', 'dz'),
  singleChannelConv: (a, { tiles, words }) => ({
    ...stemWeights(a),
    x: windows(a, 'x', tiles, words('segments'), 3),
    y: pixels(a, 'y', tiles, a.height, a.width, a.columns),
  }),
  singleChannelDw: (a, { words }) => ({
    x: windows(a, 'x', a.batch, words('segments'), 3),
    dz: pixels(a, 'dz', a.batch, a.height, a.width, a.columns),
    segments: 12,
    partial: stemPartial(a),
  }),
  stemSums: (a, { tiles, words }) => ({
    ...stemWeights(a),
    x: windows(a, 'x', tiles, words('segments'), 3),
    out: tiles * a.columns * 16,
  }),
  stemForward: (a, { tiles, words }) => ({
    ...stemWeights(a),
    x: windows({ ...a, height: pooled(a.height, a.outHeight) }, 'x', tiles, words('segments'), 3),
    y: pixels(a, 'y', tiles, a.outHeight, a.outWidth, a.columns),
    stats: a.columns * 16,
    winner: tiles * a.outHeight * a.outWidth * a.columns,
    winnerX: tiles * a.outHeight * a.outWidth * a.columns * 4,
  }),
  stemGrad: (a, { words }) => ({
    ...stemWeights(a),
    x: windows(a, 'x', a.batch, words('segments'), 3),
    ...unpooled(a, a.batch),
    coefficients: a.columns * 12,
    partial: stemPartial(a),
  }),
  columnSums: (a) => ({ ...same(a, a.batch, a.columns, 'dz'), out: a.groups * a.columns * 4 }),
  reduceUpdate: (a) => ({
    partial: (a.groups - 1) * a.groupBytes + fours(a.words) * 4,
    w: fours(a.words) * 4,
    update: RECORD,
  }),
  mirrorWeights: (a) => ({
    w: panelRows(a.columns, a.panelBytes, a.segmentCount * a.inputs),
    out: panelRows(a.inputs, a.outPanelBytes, a.segmentCount * a.columns),
  }),
  winogradWeights: (a, { tiles }) => ({
    w: panelRows(a.columns, a.panelBytes, 9 * a.inputs),
    u: 15 * a.uPositionBytes + (tiles - 1) * a.uPanelBytes + (a.mirror ? a.columns : a.inputs) * 32,
  }),
  winogradConv: (a, { tiles }) => ({
    x: winogradWindows(a, tiles),
    y: pixels(a, 'y', tiles, a.height, a.width, a.columns),
    u: 15 * a.uPositionBytes + panelRows(a.columns, a.uPanelBytes, a.inputs),
    bias: a.columns * 4,
  }),
  winogradDw: (a) => ({
    x: winogradWindows(a, a.batch),
    dz: pixels(a, 'dz', a.batch, a.height, a.width, a.columns),
    partial:
      (a.groups - 1) * a.groupBytes + Math.max(a.groupBytes, 15 * a.positionBytes + panels(a.columns) * a.inputs * 32),
  }),
  winogradUpdate: (a) => ({
    partial: (a.groups - 1) * a.groupBytes + 15 * a.positionBytes + panels(a.columns) * a.inputs * 32,
    w: panelRows(a.columns, a.panelBytes, 9 * a.inputs),
    update: RECORD,
  }),
  normSums: (a, { tiles }) => ({ ...same(a, tiles, a.columns, 'x'), out: tiles * a.columns * 16 }),
  normFinish: (a) => ({ ...norm(a.columns), sums: a.batch * a.columns * 16 }),
  normInference: (a) => norm(a.columns),
  normApply: (a, { tiles }) => ({ ...same(a, tiles, a.columns, 'x', 'y'), stats: a.columns * 16 }),
  normPool: (a, { tiles }) => ({
    x: pixels(a, 'x', tiles, pooled(a.height, a.outHeight), pooled(a.width, a.outWidth), a.columns),
    y: pixels(a, 'y', tiles, a.outHeight, a.outWidth, a.columns),
    stats: a.columns * 16,
    winner: tiles * a.outHeight * a.outWidth * a.columns,
    winnerX: tiles * a.outHeight * a.outWidth * a.columns * 4,
  }),
  normPoolGradSums: (a, { tiles }) => ({
    dy: pixels(a, 'dy', tiles, a.outHeight, a.outWidth, a.columns),
    winnerX: tiles * a.outHeight * a.outWidth * a.columns * 4,
    out: tiles * a.columns * 16,
  }),
  normGradSums: (a, { tiles }) => ({ ...same(a, tiles, a.columns, 'dy', 'x'), out: tiles * a.columns * 16 }),
  normGradFinish: (a) => ({
    sums: a.batch * a.columns * 16,
    stats: a.columns * 16,
    coefficients: a.columns * 12,
    gamma: a.columns * 4,
    beta: a.columns * 4,
    update: RECORD,
  }),
  normPoolGrad: (a, { tiles }) => ({
    ...same(a, tiles, a.columns, 'x', 'dz'),
    ...unpooled(a, tiles),
    coefficients: a.columns * 12,
  }),
  normGrad: (a, { tiles }) => ({ ...same(a, tiles, a.columns, 'dy', 'x', 'dz'), coefficients: a.columns * 12 }),
  dropout: (a, { tiles }) => ({ x: (tiles - 1) * a.xImage + (a.height - 1) * a.xRow + a.rowVectors * 16 }),
  copyBlock: (a, { tiles }) => ({
    ...same(a, tiles, a.channels, 'x'),
    ...same(a, tiles, a.channels + a.zeros, 'y'),
  }),
  fillZero: (a, { tiles }) => ({ y: (tiles - 1) * a.yImage + (a.height - 1) * a.yRow + a.rowBytes }),
  relayout: (a, { tiles }) => {
    const lines = Math.ceil((a.yHeight * a.yWidth * a.yChannels) / (a.xWidth * a.xChannels))
    return {
      x: pixels(a, 'x', tiles, lines, a.xWidth, a.xChannels),
      y: pixels(a, 'y', tiles, a.yHeight, a.yWidth, Math.max(a.yChannels, a.yColumns)),
    }
  },
  upSample: (a, { tiles }) => enlarged(a, tiles, 'x', 'y'),
  upSampleGrad: (a, { tiles }) => enlarged(a, tiles, 'dx', 'dy'),
  upSampleBilinear: (a, { tiles }) => enlarged(a, tiles, 'x', 'y'),
  upSampleBilinearGrad: (a, { tiles }) => enlarged(a, tiles, 'dx', 'dy'),
  averagePool: (a, { tiles }) => around(a, tiles, 'x', 'y', a.columns),
  averagePoolGrad: (a, { tiles }) => around(a, tiles, 'dx', 'dy', a.dxPixel / 4),
  globalMax: (a, { tiles }) => ({ ...same(a, tiles, a.columns, 'x'), y: rows(tiles, a.yImage, a.columns) }),
  globalMaxGrad: (a, { tiles }) => ({
    ...same(a, tiles, a.columns, 'x', 'dx'),
    y: rows(tiles, a.yImage, a.columns),
    dy: rows(tiles, a.dyImage, a.columns),
  }),
  depthwise: (a, { tiles }) => ({
    ...around(a, tiles, 'x', 'y', depthwiseInputs(a)),
    w: a.kernelY * a.kernelX * a.columns * 4,
    bias: a.columns * 4,
  }),
  depthwiseDx: (a, { tiles }) => ({
    ...around(a, tiles, 'dx', 'dz', a.multiplier === 1 ? Math.max(a.columns, a.dxPixel / 4) : a.dxPixel / 4),
    w: a.kernelY * a.kernelX * a.columns * 4,
  }),
  depthwiseDw: (a) => ({
    ...around(a, a.batch, 'x', 'dz', depthwiseInputs(a)),
    partial: (a.groups - 1) * a.groupBytes + a.kernelY * a.kernelX * a.columns * 4,
  }),
  stridedDx: (a, { tiles }) => ({
    ...around(a, tiles, 'dx', 'dz', Math.max(a.inputs, a.dxPixel / 4)),
    w: panelRows(a.columns, a.panelBytes, a.kernelY * a.kernelX * a.inputs),
  }),
  layerNorm: (a, { tiles }) => ({
    ...same(a, tiles, a.channels, 'x'),
    ...same(a, tiles, Math.max(a.channels, a.columns), 'y'),
    gamma: a.channels * 4,
    beta: a.channels * 4,
  }),
  layerNormGrad: (a, { tiles }) => ({
    ...same(a, tiles, a.channels, 'x', 'dy'),
    ...same(a, tiles, Math.max(a.channels, a.columns), 'dx'),
    gamma: a.channels * 4,
  }),
  layerNormSums: (a) => ({
    ...same(a, a.batch, a.channels, 'x', 'dy'),
    partial: (a.groups - 1) * a.groupBytes + a.columns * 8,
  }),
  activate: (a, { tiles }) => same(a, tiles, a.columns, 'x', 'y'),
  activateGrad: (a, { tiles }) => same(a, tiles, a.columns, 'v', 'dy', 'dz'),
  softmaxPixels: (a, { tiles }) => same(a, tiles, Math.max(a.channels, a.columns), 'x', 'y'),
  softmaxPixelsGrad: (a, { tiles }) => same(a, tiles, a.columns, 'y', 'dy', 'dx'),
  spatialDropout: (a, { tiles }) => same(a, tiles, a.columns, 'x', 'y'),
  gaussianNoise: (a, { tiles }) => ({
    ...same(a, tiles, a.channels, 'x'),
    ...same(a, tiles, Math.max(a.channels, a.columns), 'y'),
  }),
  outputLoss: (a, { tiles }) => ({
    z: rows(tiles, a.zRow, a.classes),
    dz: rows(tiles, a.dzRow, Math.max(a.classes, a.columns)),
    labels: LABEL,
    loss: tiles * 8,
    weights: tiles * 4,
  }),
  penalty: (a) => ({ w: (a.panels - 1) * a.panelBytes + a.words * 4, sums: SUMS }),
  maxNorm: (a, { tiles }) => ({ w: (tiles - 1) * a.panelBytes + a.words * 4 }),
  gradientSquares: (a, { tiles }) => ({
    w: (tiles - 1) * a.panelBytes + a.words * 4,
    update: RECORD,
    out: tiles * 8,
  }),
  gradientNorms: (a) => ({ squares: a.panels * 8, norms: 8 }),
  clipScales: (a) => ({ norms: a.count * 8, scales: a.count * 4, update: RECORD }),
  applyUpdate: (a) => ({ w: fours(a.words) * 4, scales: (a.index + 1) * 4, update: RECORD }),
  softmaxLoss: (a, { tiles }) => ({
    z: rows(tiles, a.zRow, fours(a.classes)),
    dz: rows(tiles, a.dzRow, fours(a.classes)),
    labels: LABEL,
    loss: tiles * 8,
    weights: tiles * 4,
  }),
  softmax: (a, { tiles }) => ({ z: rows(tiles, a.zRow, fours(a.classes)), p: rows(tiles, a.pRow, fours(a.classes)) }),
  countLoss: (a) => ({ loss: a.batch * 8, sums: SUMS }),
}

/** The touched bytes by argument of one call. */
export function extentsOf<K extends KernelName>(
  kernel: K,
  args: KernelArguments<K>,
  size: CallSize,
): Readonly<Record<string, Extent | undefined>> {
  const touched = Object.entries(kernelExtents[kernel](args, size))
  return Object.fromEntries(
    touched.map(([name, extent]) => [name, typeof extent === 'number' ? { from: 0, to: extent } : extent]),
  )
}
