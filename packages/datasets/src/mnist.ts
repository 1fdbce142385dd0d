import { formatShape, GichoError, type ImageDataset, type Split } from '@gicho/core'
import { type FileSource, findFile } from './file-source.ts'
import { parseIdxImages, parseIdxLabels } from './idx.ts'
import { idxDataset } from './idx-dataset.ts'
import type { LoadOptions } from './load-options.ts'
import { MNIST_CLASS_NAMES, type MnistFiles } from './mnist-files.ts'
import type { PublishedFile } from './published-file.ts'

/** Both splits of MNIST. */
export interface Mnist {
  /** 60,000 images of 28x28x1. */
  readonly train: ImageDataset
  /** 10,000 images of 28x28x1. */
  readonly test: ImageDataset
}

/** Where {@link loadMnistFrom} looks. */
export interface MnistSources {
  readonly files: MnistFiles
  /** In the order in which they are tried, for each file. */
  readonly sources: readonly FileSource[]
  /** The ways to get the data, for the error when no source has it. */
  readonly advice: string
}

/** Finds the four files and joins them to two datasets. */
export async function loadMnistFrom({ files, sources, advice }: MnistSources, given: LoadOptions): Promise<Mnist> {
  const options = { ...given, onWarning: once(given.onWarning) }
  const load = async (imageFile: PublishedFile, labelFile: PublishedFile, split: Split): Promise<ImageDataset> => {
    const imagesFound = await findFile(imageFile, sources, options, advice)
    const labelsFound = await findFile(labelFile, sources, options, advice)
    const images = await parseIdxImages(imagesFound.bytes, imageFile.name)
    const labels = await parseIdxLabels(labelsFound.bytes, labelFile.name)
    const source = [...new Set([imagesFound.source, labelsFound.source])].join(' and ')
    return idxDataset(images, labels, { classNames: MNIST_CLASS_NAMES, split, source })
  }
  const train = await load(files.trainImages, files.trainLabels, 'train')
  const test = await load(files.testImages, files.testLabels, 'test')
  if (train.shape.some((size, axis) => size !== test.shape[axis])) {
    throw new GichoError(
      'bad-shape',
      `${files.testImages.name}: expected images of ${formatShape(train.shape)} as the training images are, got ` +
        `${formatShape(test.shape)}. Put the files of one dataset into the folder.`,
    )
  }
  return { train, test }
}

/** Four files would tell of one cache four times. */
function once(onWarning: LoadOptions['onWarning']): (message: string) => void {
  const told = new Set<string>()
  return (message) => {
    if (!told.has(message)) onWarning?.(message)
    told.add(message)
  }
}
