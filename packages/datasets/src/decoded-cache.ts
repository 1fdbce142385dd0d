import { type ImageDataset, messageOf, type Split, sizeOf } from '@gicho/core'
import type { FileCache } from './file-cache.ts'
import type { LoadOptions } from './load-options.ts'
import { publishedSplit, signLanguageSplit } from './read-sign-language.ts'
import { type PublishedSignLanguage, SIGN_LANGUAGE_SHAPE } from './sign-language-data.ts'

const imagesName = (split: Split): string => `${split}-images.u8`
const labelsName = (split: Split): string => `${split}-labels.u8`

/**
 * A split that an earlier run decoded: its raw bytes, checked against the published ones. Damaged copies count as
 * absent, with a warning; the next write replaces them.
 */
export async function readDecoded(
  cache: FileCache,
  split: Split,
  published: PublishedSignLanguage,
  options: LoadOptions,
): Promise<ImageDataset | undefined> {
  const { length } = published.splits[split]
  const images = await cache.read(imagesName(split), length * sizeOf(SIGN_LANGUAGE_SHAPE))
  const labels = await cache.read(labelsName(split), length)
  if (!images || !labels) return undefined
  if ((await publishedSplit(images, labels, published)) === split) {
    return signLanguageSplit(images, labels, split, cache.place)
  }
  options.onWarning?.(
    `${cache.place}, ${imagesName(split)}: expected the published ${split} split, got other bytes. The copy is replaced.`,
  )
  return undefined
}

/** Keeps a published split as raw bytes. @returns whether it is kept now: a cache that can't be written is a warning */
export async function writeDecoded(cache: FileCache, data: ImageDataset, options: LoadOptions): Promise<boolean> {
  try {
    await cache.write(imagesName(data.split), data.images)
    await cache.write(labelsName(data.split), Uint8Array.from(data.labels))
    return true
  } catch (error) {
    options.onWarning?.(`${messageOf(error)} The data is decoded anew at the next start.`)
    return false
  }
}
