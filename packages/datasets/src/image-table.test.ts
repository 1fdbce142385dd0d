import { expect, test } from 'vitest'
import { parseImageCsv } from './image-table.ts'

const parse = (text: string, classes?: number): ReturnType<typeof parseImageCsv> =>
  parseImageCsv([new TextEncoder().encode(text)], { shape: [1, 2, 1], where: 'x.csv', ...(classes ? { classes } : {}) })

test('labels and pixels are parted, over thousands of rows', async () => {
  expect(await parse('label,pixel1,pixel2\n3,1,2\n4,5,6\n')).toEqual({
    images: Uint8Array.of(1, 2, 5, 6),
    labels: Uint8Array.of(3, 4),
    length: 2,
  })
  const rows = Array.from({ length: 9000 }, (_, i) => `${i % 10},${i % 256},${i % 7}`)
  const { images, labels, length } = await parse(`Label,p,q\n${rows.join('\n')}\n`)
  expect([length, labels.length, images.length]).toEqual([9000, 9000, 18000])
  expect([labels[8999], images[17998], images[17999]]).toEqual([9, 8999 % 256, 8999 % 7])
})

test.each([
  ['label,p', 'label,p'],
  ['label,p,q,r', 'label,p,… (4 columns)'],
  ['class,p,q', 'class,p,… (3 columns)'],
])('a header %s is refused', async (header, found) => {
  await expect(parse(`${header}\n1\n`)).rejects.toMatchObject({
    code: 'bad-data',
    message:
      `x.csv: expected the header label,pixel1,…,pixel2 (3 columns), got ${found}. ` +
      'Name the CSV that has a label and 2 pixels a row.',
  })
})

test('a label outside the classes is refused by its row', async () => {
  await expect(parse('label,p,q\n1,0,0\n25,0,0\n', 25)).rejects.toMatchObject({
    code: 'bad-data',
    message:
      'x.csv, row 2, column 1 ("label"): expected a label 0..24, got 25. Correct the label, or get the file anew.',
  })
})
