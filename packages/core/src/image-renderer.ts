import { type BrightnessMode, changeBrightness } from './brightness.ts'
import type { ImageShape } from './dataset.ts'
import { DRAW_NUMBERS } from './draw-table.ts'
import type { FillMode } from './fill-mode.ts'
import { type ImageAt, ImageSampler, type SampleTarget } from './image-sampler.ts'
import { range } from './value-range.ts'

/** Applies rows of a table of draws to images of one shape; keeps its scratch memory between them. The reference for every device. */
export class ImageRenderer {
  readonly #shape: ImageShape
  readonly #size: number
  readonly #table: Float64Array
  readonly #brightnessMode: BrightnessMode
  readonly #sampler: ImageSampler

  /** @param byteValues what each of the 256 bytes means */
  constructor(
    shape: ImageShape,
    options: { readonly fillMode: FillMode; readonly cval: number; readonly brightnessMode: BrightnessMode },
    byteValues: ArrayLike<number>,
  ) {
    this.#shape = shape
    this.#size = shape[0] * shape[1] * shape[2]
    this.#table = Float64Array.from(byteValues)
    this.#brightnessMode = options.brightnessMode
    this.#sampler = new ImageSampler(shape, options.fillMode, options.cval, this.#table)
  }

  /**
   * Applies one draw in Keras' order: affine, channel shift, flips, brightness.
   *
   * @param images one or many; the image number `index` is read
   * @param draw the draw's numbers, in the layout of {@link DRAW_NUMBERS}
   * @param output one or many; the image number `outputIndex` is written; not the images' own memory
   */
  render(
    images: Uint8Array | Float32Array,
    index: number,
    draw: Float64Array,
    output: Float32Array,
    outputIndex: number,
  ): void {
    const size = this.#size
    const flips = draw[6] ?? 0
    const channelShift = draw[7] ?? Number.NaN
    const brightness = draw[8] ?? Number.NaN
    const target = {
      output,
      start: outputIndex * size,
      flipHorizontal: (flips & 1) !== 0,
      flipVertical: (flips & 2) !== 0,
    }
    if (isIdentity(draw)) this.#copy({ values: images, start: index * size }, target)
    else this.#sampler.sample({ values: images, start: index * size }, draw, target)
    if (Number.isNaN(channelShift) && Number.isNaN(brightness)) return
    const result = output.subarray(target.start, target.start + size)
    if (!Number.isNaN(channelShift)) shiftChannels(result, channelShift)
    if (!Number.isNaN(brightness)) changeBrightness(result, this.#shape[2], brightness, this.#brightnessMode)
  }

  #copy(image: ImageAt, target: SampleTarget): void {
    const [height, width, channels] = this.#shape
    const { output, flipVertical, flipHorizontal } = target
    const bytes = image.values instanceof Uint8Array
    for (let r = 0; r < height; r++) {
      for (let c = 0; c < width; c++) {
        const pixel = (flipVertical ? height - 1 - r : r) * width + (flipHorizontal ? width - 1 - c : c)
        const from = image.start + (r * width + c) * channels
        const to = target.start + pixel * channels
        for (let channel = 0; channel < channels; channel++) {
          const value = image.values[from + channel] ?? 0
          output[to + channel] = bytes ? (this.#table[value] ?? 0) : value
        }
      }
    }
  }
}

/** Renders row i of a table of draws from image `rows[i]`: [rows, height, width, channels] float32. */
export function renderImages(
  renderer: ImageRenderer,
  size: number,
  images: Uint8Array | Float32Array,
  rows: ArrayLike<number>,
  draws: Float64Array,
): Float32Array<ArrayBuffer> {
  const output = new Float32Array(rows.length * size)
  for (let i = 0; i < rows.length; i++) {
    renderer.render(images, rows[i] ?? 0, draws.subarray(i * DRAW_NUMBERS, (i + 1) * DRAW_NUMBERS), output, i)
  }
  return output
}

function isIdentity(draw: Float64Array): boolean {
  return draw[0] === 1 && draw[1] === 0 && draw[2] === 0 && draw[3] === 0 && draw[4] === 1 && draw[5] === 0
}

function shiftChannels(image: Float32Array, intensity: number): void {
  const { min, max } = range(image)
  const added = Math.fround(intensity)
  for (let i = 0; i < image.length; i++) {
    image[i] = Math.min(Math.max(Math.fround((image[i] ?? 0) + added), min), max)
  }
}
