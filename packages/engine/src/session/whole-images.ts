import { checkImages, GichoError, type InputTreatment, sizeOf } from '@gicho/core'

/** How many images these bytes are. @throws GichoError `bad-data` when they aren't bytes, `bad-shape` when they are no whole number */
export function wholeImages(images: Uint8Array, input: InputTreatment): number {
  checkImages('predict', images)
  const size = sizeOf(input.shape)
  const count = images.length / size
  if (Number.isInteger(count)) return count
  throw new GichoError(
    'bad-shape',
    `predict: expected whole images of ${size} bytes, got ${images.length} bytes. Pass them one after the other.`,
  )
}
