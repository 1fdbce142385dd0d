import type { ImageDataset, ImageShape, Split } from '@gicho/core'
import type { PublishedFile } from './published-file.ts'

/** Both splits of Sign Language MNIST. */
export interface SignLanguage {
  /** 27,455 images of 28x28x1. */
  readonly train: ImageDataset
  /** 7,172 images of 28x28x1. */
  readonly test: ImageDataset
}

/** The letters by label 0..23: a to y without j. J and z are signed with a movement, which no still image shows. */
export const SIGN_LANGUAGE_CLASS_NAMES: readonly string[] = Array.from('abcdefghiklmnopqrstuvwxy')

export const SIGN_LANGUAGE_SHAPE: ImageShape = [28, 28, 1]

/** A split as its decoded arrays are, whichever file they came in. */
export interface PublishedSplit {
  readonly length: number
  /** SHA-256 of the pixels, row-major bytes. */
  readonly imagesSha256: string
  /** SHA-256 of the labels, bytes 0..23. */
  readonly labelsSha256: string
}

/** What every copy of the data is held against. */
export interface PublishedSignLanguage {
  readonly splits: Readonly<Record<Split, PublishedSplit>>
  readonly archive: PublishedFile
}

/** Sign Language MNIST as Kaggle publishes it (datamunge/sign-language-mnist, version 1, CC0). */
export const SIGN_LANGUAGE: PublishedSignLanguage = {
  splits: {
    train: {
      length: 27_455,
      imagesSha256: '2aa0dd2f625c9f26a0d0adce45d5168ea0c14d6d0268a04d225f7ae9501e275f',
      labelsSha256: '28551bf8846902072412f0d20a5df8dc555c202dd802aa529025c24dc24bf937',
    },
    test: {
      length: 7_172,
      imagesSha256: 'cf0fbbb7998b716bbf5d1c5a39e9f130d27a86339934271d9ff6707680bc5c25',
      labelsSha256: 'ab65aa55b3641104950a2caa0acaee09f8e248de42ddc1eabfe337208ea9966a',
    },
  },
  archive: zipArchive(65_633_206, 'fa1b513570d4348c6d6860e04e5854c59ef8eadb8c42a45d36bd1286ce3d489f'),
}

/** The published archive: a file that stays packed, so that both its forms are the same. */
export function zipArchive(bytes: number, sha256: string): PublishedFile {
  return {
    name: 'sign-language-mnist.zip',
    packing: 'zip',
    packedBytes: bytes,
    packedSha256: sha256,
    bytes,
    sha256,
    checkForm: async () => undefined,
  }
}

export const SPLITS: readonly Split[] = ['train', 'test']

/** The split that a file's name tells of: the test data also goes by `valid`. */
export function splitOfName(name: string): Split | undefined {
  if (/train/i.test(name)) return 'train'
  return /test|valid/i.test(name) ? 'test' : undefined
}
