import type { ImageDataset, Picture } from '@gicho/core'

/** The first pictures of a dataset, under their labels and, where those are other words, the names of their classes. */
export function labelledPictures(data: ImageDataset, most: number): readonly Picture[] {
  const { images, labels, shape, length } = data
  const size = shape[0] * shape[1] * shape[2]
  return Array.from({ length: Math.min(most, length) }, (_, i) => ({
    title: labelled(data, labels[i] ?? 0),
    pixels: images.subarray(i * size, (i + 1) * size),
    shape,
  }))
}

function labelled({ classNames }: ImageDataset, label: number): string {
  const name = classNames[label] ?? ''
  return name === String(label) ? name : `${label} ${name}`
}
