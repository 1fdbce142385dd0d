import { checkDataset, describeValue, GichoError, type ImageDataset } from '@gicho/core'
import type { TrainableModel } from './model.ts'

/** Refuses what is no model, before anything of it is read. @throws GichoError `bad-argument` */
export function checkModel(where: string, model: TrainableModel): void {
  if (typeof model !== 'object' || model === null || !('toJSON' in model && 'weights' in model)) {
    const got = describeValue(model)
    throw new GichoError('bad-argument', `${where}: expected a tfjs-layers model (sequential(), model()), got ${got}.`)
  }
  if (Array.isArray(model.inputs) && Array.isArray(model.outputs)) return
  throw new GichoError(
    'bad-argument',
    `${where}: the model has no input yet, so it has no weights. Give its first layer an inputShape.`,
  )
}

/** Refuses what is no whole dataset, as the tensors that plain tfjs takes. @throws GichoError as `checkDataset` */
export function checkGiven(where: string, data: ImageDataset): void {
  if (typeof data !== 'object' || data === null || !('images' in data && 'labels' in data)) {
    throw new GichoError(
      'bad-argument',
      `${where}: expected an ImageDataset as data, got ${describeValue(data)}.${helpFor(data)} ` +
        'Images and labels are one object, bytes and whole numbers: { images: Uint8Array, labels: Uint8Array, length, ' +
        "shape: [28, 28, 1], classNames: ['0', …], split: 'train', source: 'mine' }.",
    )
  }
  checkDataset(data)
}

function helpFor(data: unknown): string {
  if (typeof data === 'object' && data !== null && 'dataSync' in data)
    return ` ${TENSORS} Take bytes out of it with tensor.data().`
  if (Array.isArray(data)) return ' Lists of images are not taken.'
  const isSource = typeof data === 'function' || (typeof data === 'object' && data !== null && isIterable(data))
  return isSource
    ? ' Generators and tf.data sources are not taken: the augment option changes images as they are used.'
    : ''
}

const TENSORS = 'Tensors are what fit(xs, ys) of plain tfjs takes.'

function isIterable(data: object): boolean {
  return Symbol.iterator in data || Symbol.asyncIterator in data || 'iterator' in data || 'forEachAsync' in data
}
