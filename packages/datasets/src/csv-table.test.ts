import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CsvTableReader, parseCsvTable } from './csv-table.ts'

const parse = (text: string): ReturnType<typeof parseCsvTable> =>
  parseCsvTable([new TextEncoder().encode(text)], 'x.csv')

test('a table is read, with LF or CRLF, with or without a last line end, with empty lines and a byte order mark', async () => {
  const expected = { columns: ['a', 'b', 'c'], rows: 2, values: Uint8Array.of(1, 22, 255, 0, 7, 10) }
  for (const text of [
    'a,b,c\n1,22,255\n0,7,10\n',
    'a,b,c\n1,22,255\n0,7,10',
    'a,b,c\r\n1,22,255\r\n0,7,10\r\n',
    'a,b,c\r\n1,22,255\r\n\r\n0,7,10\r\n\r\n',
    '\ufeffa,b,c\n1,22,255\n0,7,10\n\n\n',
    '"a", b ,c\n001,022,255\n0000,7,10\n',
  ]) {
    expect(await parse(text)).toEqual(expected)
  }
})

test('any table comes out the same, however its file is cut into pieces', async () => {
  const table = fc.integer({ min: 1, max: 9 }).chain((columns) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: columns, maxLength: columns }), {
      minLength: 1,
    }),
  )
  const newline = fc.constantFrom('\n', '\r\n')
  const cuts = fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(table, newline, cuts, fc.boolean(), async (rows, end, steps, lastEnd) => {
      const names = rows[0]?.map((_, i) => `p${i}`) ?? []
      const text = [names, ...rows].map((row) => row.join(',')).join(end) + (lastEnd ? end : '')
      const bytes = new TextEncoder().encode(text)
      const pieces: Uint8Array[] = []
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const step = steps[i % steps.length] ?? 1
        pieces.push(bytes.subarray(at, at + step))
        at += step
      }
      const found = await parseCsvTable(pieces, 'x.csv')
      expect(found).toEqual({ columns: names, rows: rows.length, values: Uint8Array.from(rows.flat()) })
    }),
  )
})

test('only a block of rows is held, however long the table is', () => {
  let rows = 0
  let largest = 0
  const reader = new CsvTableReader('x.csv', {
    header: () => undefined,
    rows: (values, n) => {
      rows += n
      largest = Math.max(largest, values.length)
    },
  })
  reader.push(new TextEncoder().encode('a,b\n'))
  const piece = new TextEncoder().encode('1,2\n'.repeat(50_000))
  for (let i = 0; i < 10; i++) reader.push(piece)
  expect(reader.end()).toBe(500_000)
  expect(rows).toBe(500_000)
  expect(largest).toBeLessThanOrEqual(1 << 17)
})

const FIX = 'Correct the cell, or get the file anew.'
test.each([
  ['1,x,3', `row 2 (line 3), column 2 ("b"): expected a whole number 0..255, got "x". ${FIX}`],
  ['1,,3', `row 2 (line 3), column 2 ("b"): expected a whole number 0..255, got nothing. ${FIX}`],
  ['1,2,', `row 2 (line 3), column 3 ("c"): expected a whole number 0..255, got nothing. ${FIX}`],
  ['-1,2,3', `row 2 (line 3), column 1 ("a"): expected a whole number 0..255, got "-1". ${FIX}`],
  ['1,256,3', `row 2 (line 3), column 2 ("b"): expected a whole number 0..255, got "256". ${FIX}`],
  ['1,2,256', `row 2 (line 3), column 3 ("c"): expected a whole number 0..255, got "256". ${FIX}`],
  ['1,2.5,3', `row 2 (line 3), column 2 ("b"): expected a whole number 0..255, got "2.5". ${FIX}`],
  ['1,2,1e2', `row 2 (line 3), column 3 ("c"): expected a whole number 0..255, got "1e2". ${FIX}`],
  [
    `1,${'9'.repeat(99)},3`,
    `row 2 (line 3), column 2 ("b"): expected a whole number 0..255, got "${'9'.repeat(24)}". ${FIX}`,
  ],
  [
    '1,2',
    'row 2 (line 3): expected 3 cells as in the header, got 2. "c" is missing: correct the row, or get the file anew.',
  ],
  [
    '1,2,3,4',
    'row 2 (line 3): expected 3 cells as in the header, got more. Something stands behind "c": correct the row, or get the file anew.',
  ],
])('a row "%s" is refused by row and column', async (row, message) => {
  await expect(parse(`a,b,c\n9,9,9\n${row}\n8,8,8\n`)).rejects.toMatchObject({
    code: 'bad-data',
    message: `x.csv, ${message}`,
  })
})

test('rows are counted by themselves, lines as an editor shows them', async () => {
  await expect(parse('a,b\n1,2\n\n\n3,x\n')).rejects.toThrow('x.csv, row 2 (line 5), column 2 ("b")')
})

test('a last row that is cut off is refused as such', async () => {
  await expect(parse('a,b,c\n1,2,3\n1,2')).rejects.toThrow(
    "x.csv, row 2 (line 3): expected 3 cells as in the header, got the file's end after 2. The file is cut off: " +
      'correct the row, or get the file anew.',
  )
})

const HEADER = 'x.csv: expected a header line'
test.each([
  ['', `${HEADER} with the columns' names, got an empty file or line. Get the file anew.`],
  ['\n1,2\n', `${HEADER} with the columns' names, got an empty file or line. Get the file anew.`],
  ['a,b\n', 'x.csv: expected rows after the header, got none. The file is cut off: get it anew.'],
  ['a,b', 'x.csv: expected rows after the header, got none. The file is cut off: get it anew.'],
  [
    '1,2,3\n1,2,3\n',
    `${HEADER} with the columns' names, got 3 numbers ("1,2,3"). Put the line with the names before the first row.`,
  ],
  [
    `${Array(20).fill(1).join(',')}\n`,
    `${HEADER} with the columns' names, got 20 numbers ("1,1,1,1,1,1,1,1,1,1,1,1,…"). Put the line with the names before the first row.`,
  ],
  [
    'PK\x03\x04\n',
    `${HEADER} of UTF-8 text, got bytes that begin with 50 4b 03 04. The file is a zip archive: name it .zip, or unpack it first.`,
  ],
  [
    `<html>${'x'.repeat(1 << 20)}`,
    `${HEADER} of at most 1048576 bytes, got no line end by then. The file looks like a web page, as a failed download leaves it: get it anew.`,
  ],
])('a start "%.9s" is refused', async (text, message) => {
  await expect(parse(text)).rejects.toMatchObject({ code: 'bad-data', message })
})

test('UTF-16, twice packed and binary files are told apart', async () => {
  const start = (...bytes: number[]): Promise<unknown> => parseCsvTable([Uint8Array.from([...bytes, 10])], 'x.csv')
  await expect(start(0xff, 0xfe, 0x61, 0)).rejects.toThrow(
    'got bytes that begin with ff fe 61 00. The file is UTF-16: save it as UTF-8.',
  )
  await expect(start(0x1f, 0x8b, 8, 0)).rejects.toThrow('The file is gzipped twice: unpack it once.')
  await expect(start(0, 1, 2, 3)).rejects.toThrow("The file isn't a CSV: get it anew.")
})
