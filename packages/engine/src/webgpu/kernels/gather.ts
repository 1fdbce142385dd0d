/*
 * The step's first kernel: x = table[byte] of the images that the order names. Where images are augmented, each pixel is read
 * through its image's draw: a 2x3 matrix, bilinear between pixels, and mirrored on the way. See core's image-sampler.ts.
 */
import { DRAW_NUMBERS, type FillMode, type ImageShape } from '@gicho/core'
import type { GpuKernels } from '../../ops/gpu-table.ts'
import { at, eachOf, float, type Shader } from './shader.ts'

/** Words of a draw among the run's rows: the six numbers of its matrix, each as a high and a low part. */
export const DRAW_WORDS = 12
/** High parts are multiples of 1/1024: their products with places in an image are exact in float32, so coordinates lose nothing. */
const HIGH_UNITS = 1024
/** A place so far outside of every image that it may stand for all that are farther. */
const FARTHEST = 2 ** 20
/** A row of the order is an image, and in its top bits how that is mirrored. */
const IMAGE_BITS = 30

/** The image that a row of the run names. */
export const imageOfRow = (row: string): string => `(rows[${row}] & ${2 ** IMAGE_BITS - 1}u)`

/** Draws as the device takes them; the mirrors go into the rows of the order. */
export function packDraws(draws: Float64Array, order: Uint32Array): Float32Array<ArrayBuffer> {
  const words = new Float32Array(order.length * DRAW_WORDS)
  for (let row = 0; row < order.length; row++) {
    const draw = draws.subarray(row * DRAW_NUMBERS, (row + 1) * DRAW_NUMBERS)
    for (let i = 0; i < 6; i++) {
      const number = Math.max(-FARTHEST, Math.min(FARTHEST, draw[i] ?? 0))
      const high = Math.round(number * HIGH_UNITS) / HIGH_UNITS
      words[row * DRAW_WORDS + i] = high
      words[row * DRAW_WORDS + i + 6] = number - high
    }
    order[row] = ((order[row] ?? 0) | ((draw[6] ?? 0) << IMAGE_BITS)) >>> 0
  }
  return words
}

/** Where sample weights and draws begin among the run's rows, behind the order. */
export function rowPlaces(capacity: number): { readonly weights: number; readonly draws: number } {
  return { weights: capacity, draws: 2 * capacity }
}

/** Brings a coordinate `v` outside of [0, last] to where its value is read, as core's fill-mode.ts does it. */
const mapped: Readonly<Record<FillMode, string>> = {
  constant: 'return v;',
  nearest: 'return Place(select(last, 0.0f, v.whole < 0.0f), 0.0f);',
  reflect: `let period = 2.0f * (last + 1.0f);
  let whole = v.whole - period * floor(v.whole / period);
  if (whole <= last) { return Place(whole, v.far); }
  if (v.far == 0.0f) { return Place(period - 1.0f - whole, 0.0f); }
  return Place(period - 2.0f - whole, 1.0f - v.far);`,
  wrap: `if (last < 1.0f) { return Place(0.0f, 0.0f); }
  let value = v.whole + v.far;
  if (value < 0.0f) { return Place(v.whole + last * (floor(-value / last) + 1.0f), v.far); }
  return Place(v.whole - last * floor(value / last), v.far);`,
}

function readText([height, width, channels]: ImageShape, table: number): string {
  const size = height * width * channels
  return `fn byteAt(image: u32, place: u32) -> f32 {
  let index = image * ${size}u + place;
  let byte = (images[index / 4u] >> (index % 4u * 8u)) & 0xffu;
  return arena[${table}u + byte / 4u][byte % 4u];
}`
}

function drawnText({ shape, capacity, augmentation }: GpuKernels['gather']): string {
  const [height, width, channels] = shape
  if (!augmentation) return 'fn valueOf(image: u32, row: u32, place: u32) -> f32 { return byteAt(image, place); }'
  const { fillMode, cval } = augmentation
  const fill =
    fillMode === 'constant'
      ? `\n  if (outside(y, ${height - 1}.0f) || outside(x, ${width - 1}.0f)) { return ${float(cval)}; }`
      : ''
  return `struct Place { whole: f32, far: f32 }
fn outside(v: Place, last: f32) -> bool { return !(v.whole >= 0.0f && (v.whole < last || (v.whole == last && v.far == 0.0f))); }
fn mapped(v: Place, last: f32) -> Place {
  if (!outside(v, last)) { return v; }
  ${mapped[fillMode]}
}
fn number(row: u32, i: u32) -> f32 { return bitcast<f32>(rows[${rowPlaces(capacity).draws}u + row * ${DRAW_WORDS}u + i]); }
fn along(row: u32, i: u32, r: f32, c: f32) -> Place {
  let high = number(row, i) * r + number(row, i + 1u) * c + number(row, i + 2u);
  let low = number(row, i + 6u) * r + number(row, i + 7u) * c + number(row, i + 8u);
  let whole = floor(high);
  let rest = high - whole + low;
  let carry = floor(rest);
  return Place(whole + carry, rest - carry);
}
fn pixelAt(image: u32, y: f32, x: f32, channel: u32) -> f32 {
  let place = vec2u(clamp(vec2f(y, x), vec2f(), vec2f(${height - 1}.0f, ${width - 1}.0f)));
  return byteAt(image, (min(place.x, ${height - 1}u) * ${width}u + min(place.y, ${width - 1}u)) * ${channels}u + channel);
}
fn valueOf(image: u32, row: u32, place: u32) -> f32 {
  let channel = place % ${channels}u;
  let flip = rows[row] >> ${IMAGE_BITS}u;
  let r0 = place / ${width * channels}u;
  let c0 = place / ${channels}u % ${width}u;
  let r = f32(select(r0, ${height - 1}u - r0, (flip & 2u) != 0u));
  let c = f32(select(c0, ${width - 1}u - c0, (flip & 1u) != 0u));
  var y = along(row, 0u, r, c);
  var x = along(row, 3u, r, c);${fill}
  y = mapped(y, ${height - 1}.0f);
  x = mapped(x, ${width - 1}.0f);
  let near = vec2f(1.0f - y.far, 1.0f - x.far);
  return pixelAt(image, y.whole, x.whole, channel) * near.x * near.y
    + pixelAt(image, y.whole, x.whole + 1.0f, channel) * near.x * x.far
    + pixelAt(image, y.whole + 1.0f, x.whole, channel) * y.far * near.y
    + pixelAt(image, y.whole + 1.0f, x.whole + 1.0f, channel) * y.far * x.far;
}`
}

/** Every vector of the input is written, also what pads images and channels: with zeros. */
export function gather(args: GpuKernels['gather']): Shader {
  const { y, table, shape } = args
  const { batch, channels, columns } = y
  const vectors = y.image / 16
  const values = y.height * y.width * channels
  const body = `let n = i / ${vectors}u;
let row = run.first + n;
let image = ${imageOfRow('row')};
var v = vec4f();
for (var lane = 0u; lane < 4u; lane++) {
  let word = i % ${vectors}u * 4u + lane;
  let channel = word % ${columns}u;
  let place = word / ${columns}u * ${channels}u + channel;
  if (channel < ${channels}u && place < ${values}u) { v[lane] = valueOf(image, row, place); }
}
arena[${at(y.at)}u + i] = v;`
  return eachOf('gather', batch * vectors, [readText(shape, at(table)), drawnText(args)], body)
}
