/*
 * A PNG reader that holds no more than the size in the file's header demands: the packed pixels are unpacked to exactly
 * that many bytes, once, and nothing else in the file is unpacked at all.
 */
import { inflateSync } from 'node:zlib'
import { fileErrorCode } from '../file-error.ts'
import { type PngHeader, readChunks } from './chunks.node.ts'
import { unfilter } from './unfilter.ts'

/** A PNG's pixels, 8 bits a value. */
export interface DecodedPng {
  /** [height, width, channels] row-major; alpha isn't multiplied into the colours. */
  readonly pixels: Uint8Array<ArrayBuffer>
  readonly width: number
  readonly height: number
  /** 1 grey, 2 grey and alpha, 3 RGB (of palettes, too), 4 RGBA. */
  readonly channels: 1 | 2 | 3 | 4
  /** Bits of a value in the file. */
  readonly depth: number
}

/** Every pixel in one pass, or in the seven of Adam7. */
interface Pass {
  readonly x: number
  readonly y: number
  readonly xStep: number
  readonly yStep: number
}

const ONE_PASS: readonly Pass[] = [{ x: 0, y: 0, xStep: 1, yStep: 1 }]
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, xStep: 8, yStep: 8 },
  { x: 4, y: 0, xStep: 8, yStep: 8 },
  { x: 0, y: 4, xStep: 4, yStep: 8 },
  { x: 2, y: 0, xStep: 4, yStep: 4 },
  { x: 0, y: 2, xStep: 2, yStep: 4 },
  { x: 1, y: 0, xStep: 2, yStep: 2 },
  { x: 0, y: 1, xStep: 1, yStep: 2 },
]

/**
 * Decodes a PNG of any depth and form to 8 bits a value: fewer bits are spread over 0..255, of 16 the upper 8 are kept,
 * palettes become colours (what a palette lacks is black). Colour profiles and tRNS are left out, of an animation the
 * still image is taken.
 *
 * @param maxPixels refuses a larger image before anything of it is unpacked
 * @throws Error whose message is the reason, for a damaged or too large file
 */
export function decodePng(bytes: Uint8Array, maxPixels: number): DecodedPng {
  const { header, palette, data } = readChunks(bytes)
  const { width, height, depth, samples } = header
  if (width * height > maxPixels) throw new Error(`it has ${width}x${height} pixels, more than ${maxPixels}`)
  const passes = header.isInterlaced ? ADAM7 : ONE_PASS
  const raw = inflated(data, totalBytes(header, passes), header)
  const channels = palette ? 3 : samples
  const pixels = new Uint8Array(width * height * channels)
  let at = 0
  for (const pass of passes) {
    const size = sizeOf(header, pass)
    unfilter(raw, at, size.rows, size.rowBytes, Math.max(1, (samples * depth) >> 3))
    for (let row = 0; row < size.rows; row++) {
      const values = raw.subarray(at + 1, at + 1 + size.rowBytes)
      const to = ((pass.y + row * pass.yStep) * width + pass.x) * channels
      if (palette) putColours(values, depth, size.columns, palette, pixels, to, pass.xStep)
      else putValues(values, header, size.columns, pixels, to, pass.xStep)
      at += 1 + size.rowBytes
    }
  }
  return { pixels, width, height, channels, depth }
}

/** Columns, rows and bytes a row of a pass; one without columns has no rows either. */
function sizeOf(
  { width, height, samples, depth }: PngHeader,
  pass: Pass,
): { columns: number; rows: number; rowBytes: number } {
  const columns = Math.max(0, Math.ceil((width - pass.x) / pass.xStep))
  const rows = columns === 0 ? 0 : Math.max(0, Math.ceil((height - pass.y) / pass.yStep))
  return { columns, rows, rowBytes: Math.ceil((columns * samples * depth) / 8) }
}

function totalBytes(header: PngHeader, passes: readonly Pass[]): number {
  return passes.reduce((total, pass) => {
    const { rows, rowBytes } = sizeOf(header, pass)
    return total + rows * (1 + rowBytes)
  }, 0)
}

function inflated(data: readonly Uint8Array[], size: number, { width, height }: PngHeader): Uint8Array {
  try {
    // One piece of memory, with a byte to spare that tells of too much.
    const bytes = inflateSync(Buffer.concat(data), { maxOutputLength: size, chunkSize: Math.max(64, size + 1) })
    if (bytes.length === size) return bytes
    throw new Error(`its pixels are fewer than ${width}x${height}`)
  } catch (cause) {
    if (fileErrorCode(cause) !== 'ERR_BUFFER_TOO_LARGE') throw cause
    throw new Error(`its pixels are more than ${width}x${height}`, { cause })
  }
}

/** One row; pixels of fewer than 8 bits are packed from the highest bit on. */
function putValues(
  values: Uint8Array,
  { depth, samples }: PngHeader,
  columns: number,
  pixels: Uint8Array,
  to: number,
  xStep: number,
): void {
  if (depth === 8 && xStep === 1) {
    pixels.set(values, to)
    return
  }
  const most = 2 ** depth - 1
  for (let x = 0; x < columns; x++) {
    for (let c = 0; c < samples; c++) {
      const i = x * samples + c
      pixels[to + x * xStep * samples + c] =
        depth >= 8 ? (values[(i * depth) >> 3] ?? 0) : (bitsAt(values, i, depth) * 255) / most
    }
  }
}

function putColours(
  values: Uint8Array,
  depth: number,
  columns: number,
  palette: Uint8Array,
  pixels: Uint8Array,
  to: number,
  xStep: number,
): void {
  for (let x = 0; x < columns; x++) {
    const colour = 3 * bitsAt(values, x, depth)
    for (let c = 0; c < 3; c++) pixels[to + 3 * x * xStep + c] = palette[colour + c] ?? 0
  }
}

function bitsAt(values: Uint8Array, index: number, depth: number): number {
  const bit = index * depth
  return ((values[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & (2 ** depth - 1)
}
