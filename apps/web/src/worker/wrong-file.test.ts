import { readSignLanguageParts } from '@gicho/datasets'
import { gzipSync, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { wrongFile } from './wrong-file.ts'

const text = (content: string): Uint8Array => new TextEncoder().encode(content)
const header = `label${Array.from({ length: 784 }, (_, i) => `,pixel${i + 1}`).join('')}\r\n`
const row = `3${',7'.repeat(784)}\r\n`
const zip = zipSync({ 'sign_mnist_train.csv': text(header + row), 'sign_mnist_test.csv': text(header + row) })

test.each<[name: string, bytes: Uint8Array, kind: string]>([
  ['nothing.csv', new Uint8Array(), 'empty'],
  ['hand.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13), 'noData'],
  ['cut.zip', zip.subarray(0, zip.length - 30), 'damaged'],
  ['cut.csv.gz', gzipSync(text(header + row)).subarray(0, 40), 'damaged'],
  ['pictures.zip', zipSync({ 'a.png': text('x'), 'b.png': text('y') }), 'otherArchive'],
  ['prices.csv', text('day,price\n1,2\n'), 'otherTable'],
  ['prices.csv.gz', gzipSync(text('day,price\n1,2\n')), 'otherTable'],
  ['cut.csv', text(`${header}${row}3,1,2`), 'badRows'],
  ['sign_mnist_train.csv', text(header + row), 'otherPhotos'],
  ['archive.zip', zip, 'otherPhotos'],
])('%s is told apart', async (name, bytes, kind) => {
  const file = new File([new Uint8Array(bytes)], name)
  const error = await readSignLanguageParts([file]).catch((reason: unknown) => reason)
  expect(await wrongFile(file, error)).toMatchObject({ file: name, kind, detail: expect.stringContaining(name) })
})
