import { crc32 } from 'node:zlib'

/** What a PNG's IHDR says. */
export interface PngHeader {
  readonly width: number
  readonly height: number
  /** Bits of a value: 1, 2, 4, 8 or 16. */
  readonly depth: number
  /** Values of a pixel as they are stored: 1 for greys and palettes, 2 with alpha, 3 colours, 4 with alpha. */
  readonly samples: 1 | 2 | 3 | 4
  readonly isIndexed: boolean
  readonly isInterlaced: boolean
}

/** The parts of a PNG that make its pixels. */
export interface PngChunks {
  readonly header: PngHeader
  /** RGB, one after the other. */
  readonly palette: Uint8Array | undefined
  /** The packed pixels, in the pieces in which they lie in the file. */
  readonly data: readonly Uint8Array[]
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const MOST_COLOURS = 256
const SAMPLES: Readonly<Record<number, PngHeader['samples']>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

/**
 * Takes a PNG apart, as the standard orders its chunks (W3C, 5.6): IHDR first and once, one palette at most, the data in
 * one run. What says nothing about pixels (profiles, texts, times) is passed over and never unpacked.
 *
 * @throws Error with the reason for a file that is out of order, cut off, or damaged in a chunk that counts
 */
export function readChunks(bytes: Uint8Array): PngChunks {
  if (!SIGNATURE.every((byte, i) => byte === bytes[i])) throw new Error("it doesn't begin as a PNG does")
  let header: PngHeader | undefined
  let palette: Uint8Array | undefined
  const data: Uint8Array[] = []
  let before = ''
  for (const { name, content } of chunks(bytes)) {
    if (!header && name !== 'IHDR') throw new Error(`it begins with ${name}, not with its size (IHDR)`)
    if (name === 'IHDR') {
      if (header) throw new Error('it says its size twice')
      header = readHeader(content)
    } else if (name === 'PLTE') {
      if (palette || data.length > 0) throw new Error('its palette comes twice, or after the pixels')
      if (content.length % 3 !== 0 || content.length > 3 * MOST_COLOURS) throw new Error('its palette has another size')
      palette = content
    } else if (name === 'IDAT') {
      if (data.length > 0 && before !== 'IDAT') throw new Error('its pixels are not in one run')
      data.push(content)
    } else if (name === 'IEND') {
      if (!header || data.length === 0) throw new Error('it holds no pixels')
      if (header.isIndexed && !palette) throw new Error('its palette is missing')
      return { header, palette: header.isIndexed ? palette : undefined, data }
    } else if (isCritical(name)) throw new Error(`it needs a reader that knows its part ${JSON.stringify(name)}`)
    before = name
  }
  throw new Error('it is cut off')
}

/** Checksums are checked of the chunks that count. */
function* chunks(bytes: Uint8Array): Generator<{ readonly name: string; readonly content: Uint8Array }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = SIGNATURE.length
  while (at + 12 <= bytes.length) {
    const end = at + 8 + view.getUint32(at)
    if (end + 4 > bytes.length) throw new Error('it is cut off')
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (isCritical(name) && crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw new Error(`the checksum of its part ${JSON.stringify(name)} is wrong`)
    }
    yield { name, content: bytes.subarray(at + 8, end) }
    at = end + 4
  }
}

/** Chunks whose names begin with a capital letter can't be passed over. */
function isCritical(name: string): boolean {
  return (name.charCodeAt(0) & 0x20) === 0
}

function readHeader(content: Uint8Array): PngHeader {
  if (content.length !== 13) throw new Error('its size (IHDR) has another length')
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength)
  const [width, height, depth, colours] = [view.getUint32(0), view.getUint32(4), view.getUint8(8), view.getUint8(9)]
  const samples = SAMPLES[colours]
  if (samples === undefined || !DEPTHS[colours]?.includes(depth)) {
    throw new Error(`it says colours of type ${colours} with ${depth} bits, which don't go together`)
  }
  const [packing, filters, interlace] = content.subarray(10)
  if (packing !== 0 || filters !== 0 || (interlace ?? 2) > 1) {
    throw new Error('it is packed in a way that the standard does not know')
  }
  if (width === 0 || height === 0) throw new Error('it has no pixels')
  return { width, height, depth, samples, isIndexed: colours === 3, isInterlaced: interlace === 1 }
}
