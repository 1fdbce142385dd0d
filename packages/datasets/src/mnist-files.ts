import { parseIdxImages, parseIdxLabels } from './idx.ts'
import type { PublishedFile } from './published-file.ts'

/** The digits' names, by label. */
export const MNIST_CLASS_NAMES: readonly string[] = Array.from('0123456789')

/** The four files of a pair of splits. */
export interface MnistFiles {
  readonly trainImages: PublishedFile
  readonly trainLabels: PublishedFile
  readonly testImages: PublishedFile
  readonly testLabels: PublishedFile
}

const images: PublishedFile['checkForm'] = (bytes, where) => parseIdxImages(bytes, where)
const labels: PublishedFile['checkForm'] = (bytes, where) =>
  parseIdxLabels(bytes, where, { classes: MNIST_CLASS_NAMES.length })

/** MNIST (Y. LeCun, C. Cortes) as it was published: 60,000 and 10,000 images of 28x28. */
export const MNIST_FILES: MnistFiles = {
  trainImages: {
    name: 'train-images-idx3-ubyte',
    packedBytes: 9_912_422,
    packedSha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
    bytes: 47_040_016,
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    checkForm: images,
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte',
    packedBytes: 28_881,
    packedSha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
    bytes: 60_008,
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    checkForm: labels,
  },
  testImages: {
    name: 't10k-images-idx3-ubyte',
    packedBytes: 1_648_877,
    packedSha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
    bytes: 7_840_016,
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    checkForm: images,
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte',
    packedBytes: 4_542,
    packedSha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
    bytes: 10_008,
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    checkForm: labels,
  },
}

/** Mirrors for Node, in the order in which they are tried. */
export const MNIST_MIRRORS: readonly string[] = [
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
]

/** Mirrors for pages: those that allow requests from other origins. */
export const MNIST_BROWSER_MIRRORS: readonly string[] = [
  'https://cdn.jsdelivr.net/gh/fgnt/mnist/',
  'https://storage.googleapis.com/storage/v1/b/cvdf-datasets/o/mnist%2F{file}?alt=media',
]
