import { crc32, deflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** A PNG's chunk, with its checksum. */
export function chunk(name: string, content: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + content.length)
  bytes.writeUInt32BE(content.length)
  bytes.write(name, 4, 'latin1')
  bytes.set(content, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), 8 + content.length)
  return bytes
}

/** @param colours 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA */
export function header(width: number, height: number, depth = 8, colours = 0, interlace = 0): Buffer {
  const content = Buffer.alloc(13)
  content.writeUInt32BE(width)
  content.writeUInt32BE(height, 4)
  content.set([depth, colours, 0, 0, interlace], 8)
  return chunk('IHDR', content)
}

export const data = (rows: Uint8Array): Buffer => chunk('IDAT', deflateSync(rows))
export const end: Buffer = chunk('IEND', new Uint8Array(0))

/** A PNG of these chunks, whatever they are. */
export function png(...chunks: readonly Buffer[]): Uint8Array {
  return new Uint8Array(Buffer.concat([SIGNATURE, ...chunks]))
}
