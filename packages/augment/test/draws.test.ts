import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Draw, ImageDataGenerator, type ImageDataGeneratorOptions, samplingMatrix } from '../src/index.ts'
import { asShape } from './golden-images.ts'

interface Setting {
  readonly options: ImageDataGeneratorOptions
  readonly shape: readonly number[]
  readonly seed: number
  readonly draws: readonly (readonly (number | boolean | null)[])[]
  readonly matrices: readonly (readonly number[] | null)[]
  readonly state: { readonly position: number; readonly sha256: string }
}

const fixture = readFileSync(new URL('../fixtures/draws.json', import.meta.url), 'utf8')
const settings: readonly Setting[] = JSON.parse(fixture).settings

function row(draw: Draw): (number | boolean | null)[] {
  const { theta, tx, ty, shear, zx, zy, flipHorizontal, flipVertical, channelShift, brightness } = draw
  return [theta, tx, ty, shear, zx, zy, flipHorizontal, flipVertical, channelShift, brightness]
}

test.each(settings.map((setting) => [JSON.stringify(setting.options), setting] as const))(
  'draws and matrices of %s equal those of Keras to the bit',
  (_, { options, shape, seed, draws, matrices, state }) => {
    const generator = new ImageDataGenerator(options)
    const imageShape = asShape(shape)
    const made = draws.map((_, i) => generator.getRandomTransform(imageShape, i === 0 ? seed : undefined))
    expect(made.map(row)).toEqual(draws.map((draw) => draw.map((v, i) => (i === 6 || i === 7 ? Boolean(v) : v))))

    const { key, position } = generator.random.snapshot()
    const sha256 = createHash('sha256').update(new Uint8Array(key.buffer)).digest('hex').slice(0, 12)
    expect({ position, sha256 }).toEqual(state)

    const ours = made.slice(0, matrices.length).map((draw) => samplingMatrix(draw, imageShape[0], imageShape[1]))
    expect(ours.map((matrix) => matrix && Array.from(matrix, (v) => v + 0))).toEqual(
      matrices.map((matrix) => matrix?.map((v) => v + 0) ?? null),
    )
  },
)
