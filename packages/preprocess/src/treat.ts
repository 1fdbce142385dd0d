import { formatShape, GichoError, type InputTreatment, sizeOf } from '@gicho/core'
import { rescale } from './rescale.ts'

/**
 * Turns images as bytes into what the network sees: {@link rescale} by the treatment's scale and offset.
 *
 * With `unitRange` this is bit for bit what Keras trains on after `x / 255`.
 *
 * @param images [n, ...] row-major bytes of n images
 * @param treatment what the model was trained with; its shape is that of one sample
 * @returns [n, ...treatment.shape] float32
 * @throws GichoError `bad-shape` when the bytes aren't a whole number of samples, `bad-argument` when scale or offset isn't finite
 *
 * @example
 * treat(train.images, unitRange([784])) // [60000, 784] in [0, 1]
 */
export function treat(images: Uint8Array, treatment: InputTreatment): Float32Array {
  const size = sizeOf(treatment.shape)
  if (!(size > 0) || images.length % size !== 0) {
    throw new GichoError(
      'bad-shape',
      `treat: expected a whole number of samples of ${formatShape(treatment.shape)}, ${size} bytes each, ` +
        `got ${images.length} bytes. Give whole images of the size that the model was trained on.`,
    )
  }
  return rescale(images, treatment.scale, treatment.offset)
}
