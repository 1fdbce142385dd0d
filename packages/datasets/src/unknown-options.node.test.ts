import { expect, test } from 'vitest'
import { describeDataset } from './describe-dataset.ts'
import { parseIdxLabels } from './idx.ts'
import { idxDataset } from './idx-dataset.ts'
import { loadImageFolder } from './image-folder.node.ts'
import { parseImageCsv } from './image-table.ts'
import { loadMnist } from './load-mnist.node.ts'
import { loadMnist as loadMnistInPage } from './load-mnist.ts'
import { loadSignLanguage } from './load-sign-language.node.ts'
import { readSignLanguage } from './read-sign-language.ts'

const images = { images: Uint8Array.of(1), length: 1, height: 1, width: 1 }
const data = idxDataset(images, Uint8Array.of(0), { classNames: ['a'], split: 'train', source: 'test' })

/** Every function with options, called with one that is misspelt, as a program in plain JavaScript would. */
const calls: Readonly<Record<string, readonly [misspelt: string, meant: string, call: (options: object) => unknown]>> =
  {
    loadMnist: ['cacheDri', 'cacheDir', loadMnist],
    'loadMnist in a page': ['cacheNmae', 'cacheName', loadMnistInPage],
    loadSignLanguage: ['turst', 'trust', loadSignLanguage],
    readSignLanguage: ['Trust', 'trust', (options) => readSignLanguage([], options)],
    loadImageFolder: ['clasNames', 'classNames', (options) => loadImageFolder('x', options)],
    describeDataset: ['othr', 'other', (options) => describeDataset(data, options)],
    parseIdxLabels: ['classs', 'classes', (options) => parseIdxLabels(new Uint8Array(0), 'x', options)],
    parseImageCsv: ['clases', 'classes', (options) => parseImageCsv([], { shape: [1, 1, 1], where: 'x', ...options })],
    idxDataset: [
      'sources',
      'source',
      (options) => idxDataset(images, Uint8Array.of(0), { classNames: ['a'], split: 'train', source: 'x', ...options }),
    ],
  }

test.each(Object.entries(calls))(
  '%s refuses an option that it does not know, and names the one that was meant',
  async (name, [misspelt, meant, call]) => {
    await expect(async () => call({ [misspelt]: 1 })).rejects.toMatchObject({
      code: 'bad-argument',
      message: `${name.split(' ')[0]}: there is no option ${misspelt}. Did you mean ${meant}?`,
    })
  },
)
