import { formatShape, GichoError, type ImageShape, type Picture, type Shape, type StepOutput } from '@gicho/core'
import { type PixelLayout, resizeNearest } from '@gicho/preprocess'

/** A photo is shown no wider and no higher than this. */
const SHOWN = 64

/** Pixels as a picture to look at: small enough for a terminal, without alpha. */
export function photoPicture({ pixels, width, height, channels }: PixelLayout & { pixels: Uint8Array }): Picture {
  const shrink = Math.min(1, SHOWN / Math.max(width, height))
  const size = { width: Math.ceil(width * shrink), height: Math.ceil(height * shrink) }
  const small = resizeNearest(pixels, { width, height, channels }, size)
  const colours = channels < 3 ? 1 : 3
  const shown = Uint8Array.from({ length: size.width * size.height * colours }, (_, i) => {
    const pixel = Math.floor(i / colours)
    return small[pixel * channels + (i % colours)] ?? 0
  })
  return { title: formatShape([height, width]), pixels: shown, shape: [size.height, size.width, colours] }
}

/**
 * The picture that a model of grey pictures takes; a row of pixels is a square one.
 *
 * @throws GichoError `bad-argument` for a model that takes something else
 */
export function greyShape(input: Shape): ImageShape {
  const side = Math.sqrt(input[0] ?? 0)
  if (input.length === 1 && Number.isInteger(side)) return [side, side, 1]
  const [height, width, channels = 1] = input
  if (height !== undefined && width !== undefined && channels === 1) return [height, width, 1]
  throw new GichoError(
    'bad-argument',
    `asl-deploy: expected a model of grey pictures, got one that takes ${formatShape(input)}. ` +
      'Train one with the recipe asl-augmented, or ask yours with predictImage.',
  )
}

/** The most probable classes. */
export function topTable(probabilities: Float32Array, classNames: readonly string[], most: number): StepOutput {
  const ranked = Array.from(probabilities, (probability, i) => ({ name: classNames[i] ?? '', probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, most)
  return {
    kind: 'table',
    columns: ['class', 'probability'],
    rows: ranked.map(({ name, probability }) => [name, `${(100 * probability).toFixed(1)}%`]),
  }
}
