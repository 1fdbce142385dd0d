import { expect, test } from 'vitest'
import golden from '../fixtures/csv-cells.json' with { type: 'json' }
import { parseCsvTable } from './csv-table.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

async function rowsOf(pieces: Iterable<Uint8Array>): Promise<number[][] | null> {
  const table = await parseCsvTable(pieces, 'x.csv').catch(() => undefined)
  if (!table) return null
  const { columns, rows, values } = table
  return Array.from({ length: rows }, (_, row) => [
    ...values.subarray(row * columns.length, (row + 1) * columns.length),
  ])
}

test('cells with quotes, blanks, signs and odd line ends are what pandas reads, or are refused', async () => {
  expect(golden.cases.filter(({ rows }) => rows !== null).length).toBeGreaterThan(100)
  for (const { text, rows } of golden.cases) {
    const bytes = bytesOf(text)
    expect({ text, rows: await rowsOf([bytes]) }).toEqual({ text, rows })
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte))
    expect({ text, rows: await rowsOf(single) }).toEqual({ text, rows })
  }
})

test("a header's names come without their quotes, and may hold commas, quotes and line ends", async () => {
  const { columns } = await parseCsvTable([bytesOf('\ufeff"a,x","b ""y""", c ,"d\nz"\r\n1,2,3,4\r\n')], 'x.csv')
  expect(columns).toEqual(['a,x', 'b "y"', 'c', 'd\nz'])
})

test('lines are counted as an editor shows them, those inside quotes and those of a lone CR too', async () => {
  const wrong = (text: string): Promise<unknown> => parseCsvTable([bytesOf(text)], 'x.csv')
  await expect(wrong('a,b\r\n1,2\r\n"3\n",x\r\n')).rejects.toThrow('x.csv, row 2 (line 4), column 2 ("b")')
  await expect(wrong('a,b\r1,2\r3,x\r')).rejects.toThrow('x.csv, row 2 (line 3), column 2 ("b")')
})

test('a cell or a header line without an end is refused while it comes', async () => {
  function* endless(start: string): Generator<Uint8Array> {
    yield bytesOf(start)
    for (let i = 0; i < 10_000; i++) yield bytesOf('1'.repeat(1000))
    throw new Error('all of it was asked for')
  }
  const shown = `got "${'1'.repeat(24)}"`
  await expect(parseCsvTable(endless('a,b\n'), 'x.csv')).rejects.toThrow(shown)
  await expect(parseCsvTable(endless('a,b\n"'), 'x.csv')).rejects.toThrow(shown)
  await expect(parseCsvTable(endless('"a'), 'x.csv')).rejects.toThrow('expected a header line of at most 1048576 bytes')
})

test('half a million columns are read, and no row of another length', async () => {
  const columns = Array(500_000).fill('a').join()
  const row = Array(500_000).fill('7').join()
  const table = await parseCsvTable([bytesOf(`${columns}\n${row}\n`)], 'x.csv')
  expect([table.columns.length, table.rows, table.values.length]).toEqual([500_000, 1, 500_000])
  await expect(parseCsvTable([bytesOf(`${columns}\n${row},7\n`)], 'x.csv')).rejects.toThrow('expected 500000 cells')
})
