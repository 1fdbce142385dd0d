import { expect, test } from 'vitest'
import { zip } from '../test/zip.node.ts'
import { collect } from './byte-file.ts'
import { isZip, readZip } from './zip.ts'

const BYTES = new TextEncoder().encode('label,pixel\n'.repeat(20_000))

async function first(archive: Uint8Array): Promise<Uint8Array> {
  const member = readZip(archive, 'x.zip')[0]
  return member ? collect(member.pieces(), member.where, 1 << 20) : new Uint8Array(0)
}

test('members come out as they went in, stored or deflated; folders are left out', async () => {
  const archive = zip([
    { path: 'a/', bytes: new Uint8Array(0), method: 0 },
    { path: 'a/b.csv', bytes: BYTES },
    { path: 'c.csv', bytes: BYTES, method: 0 },
  ])
  const members = readZip(archive, 'x.zip')
  expect(members).toMatchObject([
    { path: 'a/b.csv', name: 'b.csv', sizeBytes: BYTES.length, where: 'x.zip, a/b.csv' },
    { path: 'c.csv', name: 'c.csv' },
  ])
  for (const member of members) expect(await collect(member.pieces(), 'x', 1 << 20)).toEqual(BYTES)
  expect([isZip(archive), isZip(zip([])), isZip(BYTES)]).toEqual([true, true, false])
})

test.each(['/etc/passwd', '../up.csv', 'a/../../up.csv', 'a\\..\\up.csv', 'C:\\up.csv', '\\\\host\\up.csv'])(
  'a member named %s makes the archive unsafe',
  (path) => {
    expect(() => readZip(zip([{ path, bytes: BYTES }]), 'x.zip')).toThrow(
      `x.zip: expected members inside the archive's own folder, got ${JSON.stringify(path)}. ` +
        "The archive isn't safe to unpack: get it anew from where it was published.",
    )
  },
)

test('a bomb is stopped at the size that the archive says, and at the limit that the caller sets', async () => {
  const bomb = { path: 'a.csv', bytes: new Uint8Array(8 << 20) }
  await expect(first(zip([{ ...bomb, claimedBytes: 1000 }]))).rejects.toThrow(
    'x.zip, a.csv: expected a whole zip archive, got more than the 1000 bytes that the archive says. Get it anew.',
  )
  await expect(first(zip([bomb]))).rejects.toThrow(
    'x.zip, a.csv: expected at most 1048576 bytes, got more. It is another file than its name says: get it anew.',
  )
})

test.each([
  ['a.csv, 240000 bytes where the archive says 240001', { claimedBytes: BYTES.length + 1 }],
  ['a.csv, an encrypted member', { flags: 1 }],
  ['a.csv, a member whose checksum is cf76f073 where the archive says 00000001', { claimedCrc: 1 }],
  ['a.csv, a member whose checksum is cf76f073 where the archive says 00000002', { claimedCrc: 2, method: 0 }],
  ['a.csv, a member packed by method 14, neither stored nor deflated', { method: 14 }],
])('%s: refused', async (what, change) => {
  const [path, found] = what.split(', ', 2)
  await expect(first(zip([{ path: 'a.csv', bytes: BYTES, ...change }]))).rejects.toMatchObject({
    code: 'bad-data',
    message: expect.stringContaining(`x.zip, ${path}: expected a whole zip archive, got ${found}`),
  })
})

test('damaged archives are refused, wherever the damage is', async () => {
  const whole = zip([{ path: 'a.csv', bytes: BYTES }])
  expect(() => readZip(whole.subarray(0, -30), 'x.zip')).toThrow('bytes without a directory at their end. Get it anew.')
  const at = (from: number, byte: number): Uint8Array => whole.with(from < 0 ? whole.length + from : from, byte)
  expect(() => readZip(at(-12, 9), 'x.zip')).toThrow('a directory of 1 members that says 9')
  expect(() => readZip(at(-3, 255), 'x.zip')).toThrow('a directory that points outside of it')
  await expect(first(at(0, 0))).rejects.toThrow('no member where its directory points')
  await expect(first(at(50, (whole[50] ?? 0) ^ 255))).rejects.toThrow(/expected whole deflate data|the archive says/)
  const directory = whole.length - 22 - 46 - 5
  await expect(first(at(directory + 22, 255))).rejects.toThrow('a member that is cut off')
  await expect(first(whole.fill(255, directory + 20, directory + 24))).rejects.toThrow('a member of 4 GB or more')
})

test('junk behind an archive, a second member of one name, and members that share bytes are refused', () => {
  const member = { path: 'a.csv', bytes: BYTES }
  const whole = zip([member, { path: 'b.csv', bytes: BYTES }])
  expect(() => readZip(Buffer.concat([whole, Buffer.from('junk')]), 'x.zip')).toThrow(
    'x.zip: expected a whole zip archive, got 4 bytes behind its end. Get it anew.',
  )
  expect(() => readZip(zip([member, member]), 'x.zip')).toThrow('got two members of the name "a.csv"')
  const shared = [member, ...Array.from({ length: 9 }, (_, i) => ({ ...member, path: `${i}.csv`, claimedStart: 0 }))]
  expect(() => readZip(zip(shared), 'x.zip')).toThrow('got members that share bytes')
})
