/*
 * Reads images through sampling matrices with scipy's bits: ndimage.affine_transform(order=1) computes coordinates,
 * weights and sums in float64 in a fixed order, and rounds once to float32. The same operations stand here in the same
 * order: a coordinate is its shift, plus the row's part, plus the column's; a pixel (value * row weight) * column weight, summed from
 * the upper left to the lower right.
 * For speed the image lies in a float64 frame that is one pixel wider on each side, so no neighbour needs a check; a
 * coordinate is mapped only where it lies outside.
 * Source: scipy/ndimage/src/ni_interpolation.c, NI_GeometricTransform.
 */
import type { ImageShape } from './dataset.ts'
import { type FillMode, mapCoordinate, OUTSIDE } from './fill-mode.ts'

/** One image of many: [n, height, width, channels], and where in it the image begins. */
export interface ImageAt {
  readonly values: Uint8Array | Float32Array
  readonly start: number
}

/** Where a sampled image goes, and whether it is mirrored on the way. */
export interface SampleTarget {
  readonly output: Float32Array
  readonly start: number
  readonly flipVertical: boolean
  readonly flipHorizontal: boolean
}

/** Reads images of one shape; keeps its frame between them. Not for two threads at once. */
export class ImageSampler {
  readonly #shape: ImageShape
  readonly #fillMode: FillMode
  readonly #cval: number
  readonly #table: Float64Array
  readonly #frame: Float64Array

  /**
   * @param shape of every image
   * @param fillMode what stands outside
   * @param cval the value that `constant` fills with, in the units of treated images
   * @param table what each of the 256 bytes means
   */
  constructor(shape: ImageShape, fillMode: FillMode, cval: number, table: Float64Array) {
    const [height, width, channels] = shape
    this.#shape = shape
    this.#fillMode = fillMode
    this.#cval = cval
    this.#table = table
    this.#frame = new Float64Array((height + 2) * (width + 2) * channels)
  }

  /** Reads one image through a matrix of six numbers, as `samplingMatrix` makes it. */
  sample(image: ImageAt, matrix: Float64Array, target: SampleTarget): void {
    this.#fillFrame(image)
    if (this.#shape[2] === 1) this.#samplePlane(matrix, target)
    else this.#sampleChannels(matrix, target)
  }

  /** One channel: the lessons' images, and the loop that speed depends on. */
  #samplePlane(matrix: Float64Array, target: SampleTarget): void {
    const [height, width] = this.#shape
    const { output, start, flipVertical, flipHorizontal } = target
    const frame = this.#frame
    const clamps = this.#fillMode === 'nearest'
    const fills = this.#fillMode === 'constant'
    const cval = this.#cval
    const [rowRow = 0, rowColumn = 0, rowShift = 0, columnRow = 0, columnColumn = 0, columnShift = 0] = matrix
    const lastRow = height - 1
    const lastColumn = width - 1
    const stride = width + 2
    const step = flipHorizontal ? -1 : 1
    for (let r = 0; r < height; r++) {
      const rowStart = rowShift + r * rowRow
      const columnStart = columnShift + r * columnRow
      let at = start + (flipVertical ? lastRow - r : r) * width + (flipHorizontal ? lastColumn : 0)
      for (let c = 0; c < width; c++, at += step) {
        let y = rowStart + c * rowColumn
        let x = columnStart + c * columnColumn
        if (!(y >= 0 && y <= lastRow && x >= 0 && x <= lastColumn)) {
          if (clamps) {
            y = y < 0 ? 0 : y > lastRow ? lastRow : y
            x = x < 0 ? 0 : x > lastColumn ? lastColumn : x
          } else {
            if (fills) output[at] = cval
            else this.#readPixel(y, x, output, at)
            continue
          }
        }
        const top = y | 0 // y >= 0 here, so this is its floor
        const left = x | 0
        const upper = 1 - (y - top)
        const lower = 1 - upper
        const near = 1 - (x - left)
        const far = 1 - near
        const from = ((top + 1) * stride + left + 1) | 0
        output[at] =
          (frame[from] ?? 0) * upper * near +
          (frame[from + 1] ?? 0) * upper * far +
          (frame[from + stride] ?? 0) * lower * near +
          (frame[from + stride + 1] ?? 0) * lower * far
      }
    }
  }

  #sampleChannels(matrix: Float64Array, target: SampleTarget): void {
    const [height, width, channels] = this.#shape
    const { output, start, flipVertical, flipHorizontal } = target
    const [rowRow = 0, rowColumn = 0, rowShift = 0, columnRow = 0, columnColumn = 0, columnShift = 0] = matrix
    const lastRow = height - 1
    const lastColumn = width - 1
    for (let r = 0; r < height; r++) {
      for (let c = 0; c < width; c++) {
        const pixel = (flipVertical ? lastRow - r : r) * width + (flipHorizontal ? lastColumn - c : c)
        const y = rowShift + r * rowRow + c * rowColumn
        const x = columnShift + r * columnRow + c * columnColumn
        this.#readPixel(y, x, output, start + pixel * channels)
      }
    }
  }

  /** All channels at one coordinate inside or outside the image. */
  #readPixel(row: number, column: number, output: Float32Array, at: number): void {
    const [height, width, channels] = this.#shape
    const frame = this.#frame
    const y = mapCoordinate(row, height, this.#fillMode)
    const x = mapCoordinate(column, width, this.#fillMode)
    if (y <= OUTSIDE || x <= OUTSIDE) {
      for (let channel = 0; channel < channels; channel++) output[at + channel] = this.#cval
      return
    }
    const top = Math.floor(y) | 0
    const left = Math.floor(x) | 0
    const upper = 1 - (y - top)
    const lower = 1 - upper
    const near = 1 - (x - left)
    const far = 1 - near
    const stride = (width + 2) * channels
    const from = ((top + 1) * stride + (left + 1) * channels) | 0
    for (let channel = 0; channel < channels; channel++) {
      const upperLeft = (from + channel) | 0
      const lowerLeft = (upperLeft + stride) | 0
      output[at + channel] =
        (frame[upperLeft] ?? 0) * upper * near +
        (frame[upperLeft + channels] ?? 0) * upper * far +
        (frame[lowerLeft] ?? 0) * lower * near +
        (frame[lowerLeft + channels] ?? 0) * lower * far
    }
  }

  /** Copies the image into the frame's middle, and its border pixels (for `wrap` the ones behind them) around it. */
  #fillFrame(image: ImageAt): void {
    const [height, width, channels] = this.#shape
    const frame = this.#frame
    const inward = this.#fillMode === 'wrap'
    const stride = (width + 2) * channels
    const rowSize = width * channels
    const leftFrom = (inward && width > 1 ? 2 : 1) * channels
    const rightFrom = (inward && width > 1 ? width - 1 : width) * channels
    for (let r = 0; r < height; r++) {
      const start = (r + 1) * stride
      const to = start + channels
      const from = image.start + r * rowSize
      if (image.values instanceof Float32Array) copyFloats(image.values, from, rowSize, frame, to)
      else copyBytes(image.values, from, rowSize, this.#table, frame, to)
      for (let channel = 0; channel < channels; channel++) {
        frame[start + channel] = frame[start + leftFrom + channel] ?? 0
        frame[to + rowSize + channel] = frame[start + rightFrom + channel] ?? 0
      }
    }
    const topFrom = (inward && height > 1 ? 2 : 1) * stride
    const bottomFrom = (inward && height > 1 ? height - 1 : height) * stride
    frame.copyWithin(0, topFrom, topFrom + stride)
    frame.copyWithin((height + 1) * stride, bottomFrom, bottomFrom + stride)
  }
}

function copyFloats(values: Float32Array, from: number, count: number, frame: Float64Array, to: number): void {
  for (let i = 0; i < count; i++) frame[to + i] = values[from + i] ?? 0
}

function copyBytes(
  values: Uint8Array,
  from: number,
  count: number,
  table: Float64Array,
  frame: Float64Array,
  to: number,
): void {
  for (let i = 0; i < count; i++) frame[to + i] = table[values[from + i] ?? 0] ?? 0
}
