import type { GradientOptions } from '@gicho/core'

/** The number of an optimizer's clip, whichever of the three it has. */
export function limitOf({ clipNorm, globalClipNorm, clipValue }: GradientOptions): number | undefined {
  return clipNorm ?? globalClipNorm ?? clipValue
}
