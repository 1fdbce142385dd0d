import { type ImageShape, unchangedDraw } from '@gicho/core'
import type { Draw } from './draw.ts'
import { samplingMatrix } from './sampling-matrix.ts'

/**
 * A draw as the numbers that an engine takes: a row of a table of draws, in the layout of core's `DRAW_NUMBERS`.
 *
 * @param target nine numbers, written
 */
export function drawNumbers(draw: Draw, [height, width]: ImageShape, target: Float64Array): void {
  target.set(unchangedDraw)
  const matrix = samplingMatrix(draw, height, width)
  if (matrix) target.set(matrix)
  target[6] = (draw.flipHorizontal ? 1 : 0) + (draw.flipVertical ? 2 : 0)
  if (draw.channelShift !== null) target[7] = draw.channelShift
  if (draw.brightness !== null) target[8] = draw.brightness
}
