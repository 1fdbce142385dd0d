import { GichoError, type RandomState } from '@gicho/core'
import type { TransformRanges } from './transform-ranges.ts'

/** One random transformation as data: print it, store it as JSON, replay it on any engine. */
export interface Draw {
  /** Rotation in degrees. */
  readonly theta: number
  /** Shift in pixels drawn from the **height** shift range. Keras moves the **columns** by it: see {@link samplingMatrix}. */
  readonly tx: number
  /** Shift in pixels drawn from the **width** shift range. Keras moves the **rows** by it. */
  readonly ty: number
  /** Shear angle in degrees. */
  readonly shear: number
  /** Zoom along the columns; below 1 the picture grows. */
  readonly zx: number
  /** Zoom along the rows. */
  readonly zy: number
  readonly flipHorizontal: boolean
  readonly flipVertical: boolean
  /** Is added to every value, which is then held within the image's own range; null where the range is 0. */
  readonly channelShift: number | null
  /** Factor; null where no range was given. */
  readonly brightness: number | null
}

/** The draw that changes nothing. */
export const identityDraw: Draw = {
  theta: 0,
  tx: 0,
  ty: 0,
  shear: 0,
  zx: 1,
  zy: 1,
  flipHorizontal: false,
  flipVertical: false,
  channelShift: null,
  brightness: null,
}

/**
 * Draws one image's transformation: the same numbers in the same order as Keras' `get_random_transform` takes them from
 * numpy's generator.
 *
 * A range of zero draws nothing, but both flips are drawn even when they are switched off.
 *
 * @param random is moved on
 * @param height of the image in pixels: shift ranges below 1 are shares of it
 * @param width of the image in pixels
 */
export function drawTransform(random: RandomState, ranges: TransformRanges, height: number, width: number): Draw {
  const theta = symmetric(random, ranges.rotation)
  const tx = shift(random, ranges.heightShift, height)
  const ty = shift(random, ranges.widthShift, width)
  const shear = symmetric(random, ranges.shear)
  const [low, high] = ranges.zoom
  const zooms = low !== 1 || high !== 1
  const zx = zooms ? random.uniform(low, high) : 1
  const zy = zooms ? random.uniform(low, high) : 1
  const left = random.random() < 0.5
  const up = random.random() < 0.5
  return {
    theta,
    tx,
    ty,
    shear,
    zx,
    zy,
    flipHorizontal: left && ranges.horizontalFlip,
    flipVertical: up && ranges.verticalFlip,
    channelShift: ranges.channelShift === 0 ? null : symmetric(random, ranges.channelShift),
    brightness: ranges.brightness === null ? null : random.uniform(ranges.brightness[0], ranges.brightness[1]),
  }
}

function symmetric(random: RandomState, range: number): number {
  return range === 0 ? 0 : random.uniform(-range, range)
}

function shift(random: RandomState, range: TransformRanges['heightShift'], size: number): number {
  if (range === null) return 0
  const isShare = (typeof range === 'number' ? range : Math.max(...range.values)) < 1
  const drawn = typeof range === 'number' ? random.uniform(-range, range) : picked(random, range.values)
  return isShare ? drawn * size : drawn
}

function picked(random: RandomState, values: readonly number[]): number {
  const value = random.choice(values) * random.choice([-1, 1])
  return value === 0 ? 0 : value // numpy's whole numbers know no -0
}

const numberFields = ['theta', 'tx', 'ty', 'shear', 'zx', 'zy'] as const
const optionalFields = ['channelShift', 'brightness'] as const

/**
 * Checks a draw: it may come from a file.
 *
 * @throws GichoError `bad-argument` when a number isn't finite
 */
export function checkDraw(draw: Draw): void {
  for (const field of numberFields) {
    if (!Number.isFinite(draw[field])) throw wrongField(field, draw[field], 'a finite number')
  }
  for (const field of optionalFields) {
    const value = draw[field]
    if (value !== null && !Number.isFinite(value)) throw wrongField(field, value, 'a finite number or null')
  }
}

function wrongField(field: string, value: unknown, expected: string): GichoError {
  return new GichoError('bad-argument', `draw: expected ${expected} for ${field}, got ${value}.`)
}

/**
 * A draw on one line, for people: what changes nothing is left out.
 *
 * @example
 * formatDraw({ ...identityDraw, theta: 12.5, flipHorizontal: true }) // 'rotation 12.50°, flip horizontal'
 */
export function formatDraw(draw: Draw): string {
  const parts = [
    draw.theta !== 0 && `rotation ${draw.theta.toFixed(2)}°`,
    draw.ty !== 0 && `rows ${signed(draw.ty)} px`,
    draw.tx !== 0 && `columns ${signed(draw.tx)} px`,
    draw.shear !== 0 && `shear ${draw.shear.toFixed(2)}°`,
    (draw.zx !== 1 || draw.zy !== 1) && `zoom ${draw.zy.toFixed(3)} x ${draw.zx.toFixed(3)}`,
    draw.flipHorizontal && 'flip horizontal',
    draw.flipVertical && 'flip vertical',
    draw.channelShift !== null && `channels ${signed(draw.channelShift)}`,
    draw.brightness !== null && `brightness ${draw.brightness.toFixed(3)}`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? 'unchanged' : parts.join(', ')
}

function signed(value: number): string {
  return value < 0 ? value.toFixed(2) : `+${value.toFixed(2)}`
}
