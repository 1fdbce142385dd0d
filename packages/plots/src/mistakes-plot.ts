import { checkOptionNames, GichoError, type ImageShape, sizeOf } from '@gicho/core'
import { pictureGridPlot } from './picture-grid-plot.ts'
import type { Mistake } from './worst-mistakes.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof MistakesPlotOptions, true>> = {
  title: true,
  mistakes: true,
  images: true,
  shape: true,
  classNames: true,
  note: true,
  none: true,
}

/** Options of {@link mistakesPlot}. */
export interface MistakesPlotOptions {
  readonly title: string
  /** As from `worstMistakes`. */
  readonly mistakes: readonly Mistake[]
  /** [n, height, width, channels] bytes: the images that the mistakes' indices mean. */
  readonly images: Uint8Array
  readonly shape: ImageShape
  /** The name of each class, by label. */
  readonly classNames: readonly string[]
  /** A line under the title; by default it says how to read the titles. */
  readonly note?: string
  /** What the drawing says where there is no mistake. */
  readonly none?: string
}

const COLUMNS = 8

/**
 * Images that a network got wrong, eight in a row, each under "actual → predicted probability", as a standalone SVG.
 *
 * @throws GichoError `bad-argument` for a mistake whose image isn't there
 */
export function mistakesPlot(options: MistakesPlotOptions): string {
  checkOptionNames('mistakesPlot', options, NAMES)
  const { title, mistakes, images, shape, classNames } = options
  const { note = 'actual → predicted, and how sure the network was', none = 'No mistakes.' } = options
  const size = sizeOf(shape)
  const nameOf = (label: number): string => classNames[label] ?? String(label)
  const pictures = mistakes.map(({ index, actual, predicted, probability }) => {
    const pixels = images.subarray(index * size, (index + 1) * size)
    if (pixels.length !== size) {
      throw new GichoError(
        'bad-argument',
        `mistakesPlot: image ${index} isn't among the ${Math.floor(images.length / size)} that were given.`,
      )
    }
    return { title: `${nameOf(actual)} → ${nameOf(predicted)} ${percent(probability)}`, pixels, shape }
  })
  return pictureGridPlot({ title, note: pictures.length > 0 ? note : none, pictures, columns: COLUMNS })
}

/** Rounded down: 99.6% is not yet 100%. */
function percent(probability: number): string {
  return `${Math.floor(probability * 100)}%`
}
