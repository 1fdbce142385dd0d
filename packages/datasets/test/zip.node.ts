import { crc32, deflateRawSync } from 'node:zlib'

/** A member of a test's archive; what isn't given is as it should be. */
export interface ZipInput {
  readonly path: string
  readonly bytes: Uint8Array
  /** 0 stored, 8 deflated (default); others are only claimed. */
  readonly method?: number
  readonly claimedBytes?: number
  readonly flags?: number
  readonly claimedCrc?: number
  /** Points at this offset instead of its own place. */
  readonly claimedStart?: number
}

/** A zip archive with the members in order. */
export function zip(inputs: readonly ZipInput[]): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { path, bytes, method = 8, claimedBytes = bytes.length, flags = 0, ...claimed } of inputs) {
    const name = Buffer.from(path)
    const packed = method === 8 ? deflateRawSync(bytes) : Buffer.from(bytes)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(method, 4)
    common.writeUInt32LE(claimed.claimedCrc ?? crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(claimedBytes, 18)
    common.writeUInt16LE(name.length, 22)
    const entry = Buffer.alloc(14)
    entry.writeUInt32LE(claimed.claimedStart ?? at, 10)
    parts.push(Buffer.from('PK\x03\x04'), common, name, packed)
    directory.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, entry, name)
    at += 30 + name.length + packed.length
  }
  const entries = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(inputs.length, 4)
  end.writeUInt16LE(inputs.length, 6)
  end.writeUInt32LE(entries.length, 8)
  end.writeUInt32LE(at, 12)
  return new Uint8Array(Buffer.concat([...parts, entries, Buffer.from('PK\x05\x06'), end]))
}
