import type { StepOutput } from '@gicho/core'

/** An output whose arrays hold nothing but what they show: a part of a dataset would take all of it along to the page. */
export function portableOutput(output: StepOutput): StepOutput {
  if (output.kind === 'matrix') return { ...output, values: Float32Array.from(output.values) }
  if (output.kind !== 'pictures') return output
  return { ...output, pictures: output.pictures.map((picture) => ({ ...picture, pixels: picture.pixels.slice() })) }
}
