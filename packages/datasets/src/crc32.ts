/* CRC-32 as zip, gzip and PNG have it (ISO 3309), four bytes a step by four tables (M. Kounavis, F. Berry 2005). */
const TABLES: readonly Uint32Array[] = makeTables()

/** Goes on with a CRC-32; the first is 0. `crc32(crc32(0, a), b)` is that of a and b in one. */
export function crc32(before: number, bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = TABLES
  if (!t0 || !t1 || !t2 || !t3) return 0
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = bytes.length & ~3
  let crc = ~before
  let at = 0
  for (; at < whole; at += 4) {
    crc ^= view.getUint32(at, true)
    crc = (t3[crc & 255] ?? 0) ^ (t2[(crc >>> 8) & 255] ?? 0) ^ (t1[(crc >>> 16) & 255] ?? 0) ^ (t0[crc >>> 24] ?? 0)
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ (t0[(crc ^ (bytes[at] ?? 0)) & 255] ?? 0)
  return ~crc >>> 0
}

function makeTables(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
    return crc
  })
  const tables = [first]
  for (let i = 1; i < 4; i++) {
    tables.push((tables[i - 1] ?? first).map((crc) => (crc >>> 8) ^ (first[crc & 255] ?? 0)))
  }
  return tables
}
