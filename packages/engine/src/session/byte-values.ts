import type { InputTreatment } from '@gicho/core'

/**
 * The 256 values that a byte can become, in float32.
 * For scale 1/255 each is exactly float32(byte / 255), which byte * (1/255) rounds to as well (tested for all 256).
 */
export function byteValues({ scale, offset }: Pick<InputTreatment, 'scale' | 'offset'>): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => byte * scale + offset)
}
