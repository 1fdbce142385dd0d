import { checkOptionNames, GichoError, threefry2x32 } from '@gicho/core'
import { checkBackend } from './need-backend.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof ModelOptions, true>> = { seed: true, classes: true }

/** Settings of the lessons' models. */
export interface ModelOptions {
  /** Whole number 0..2^32-1 that decides the start weights; a random one where none is given. */
  readonly seed?: number
  /** Length of the output; the lesson's number of classes where nothing is said. */
  readonly classes?: number
}

/** The options with their defaults. @throws GichoError `bad-argument` for a value outside its range, naming `model`; `unavailable` without a backend of tfjs */
export function checkedOptions(model: string, options: ModelOptions, classes: number): Required<ModelOptions> {
  checkOptionNames(model, options, NAMES)
  const checked = { seed: Math.floor(Math.random() * 2 ** 32), classes, ...options }
  checkWhole(model, 'seed', checked.seed, 0, 0xffffffff)
  checkWhole(model, 'classes', checked.classes, 1, 65536)
  checkBackend(model)
  return checked
}

/** Each layer's own seed, far from those of the other layers and of neighbouring seeds. */
export function layerSeed(seed: number, place: number): number {
  return threefry2x32(seed, 0, place, 0)[0]
}

function checkWhole(model: string, name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new GichoError(
      'bad-argument',
      `${model}: expected ${name} to be a whole number ${low}..${high}, got ${value}.`,
    )
  }
}
