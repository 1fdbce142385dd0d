/*
 * The step's first kernel: x = table[byte] of the images that the order names. Where images are augmented, each pixel is read
 * through its image's draw: a 2x3 matrix, bilinear between pixels, in float32, and mirrored on the way. See core's image-sampler.ts.
 */
import type { FillMode, ImageShape } from '@gicho/core'
import type { GpuKernels } from '../../ops/gpu-table.ts'
import { at, eachOf, float, type Shader } from './shader.ts'

/** Words of a draw among the run's rows: six of the matrix, the mirror's number, one unused. */
export const DRAW_WORDS = 8

/** Where sample weights and draws begin among the run's rows, behind the order. */
export function rowPlaces(capacity: number): { readonly weights: number; readonly draws: number } {
  return { weights: capacity, draws: 2 * capacity }
}

/** Brings a coordinate along an axis into [0, last], as core's fill-mode.ts does it; `constant` never gets here. */
const mapped: Readonly<Record<FillMode, string>> = {
  nearest: 'return clamp(v, 0.0f, last);',
  constant: 'return clamp(v, 0.0f, last);',
  reflect: `let period = 2.0f * (last + 1.0f);
  let below = v - period * floor(v / period);
  return clamp(select(below, period - below - 1.0f, below >= last + 1.0f), 0.0f, last);`,
  wrap: `if (last < 1.0f) { return 0.0f; }
  return clamp(v - last * floor(v / last), 0.0f, last);`,
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
  const outside = `if (!(v.x >= 0.0f && v.x <= ${float(height - 1)} && v.y >= 0.0f && v.y <= ${float(width - 1)})) { return ${float(cval)}; }`
  const moved = `v.x = mapped(v.x, ${float(height - 1)});
  v.y = mapped(v.y, ${float(width - 1)});`
  return `fn mapped(v: f32, last: f32) -> f32 {
  if (v >= 0.0f && v <= last) { return v; }
  ${mapped[fillMode]}
}
fn number(row: u32, i: u32) -> f32 { return bitcast<f32>(rows[${rowPlaces(capacity).draws}u + row * ${DRAW_WORDS}u + i]); }
fn pixelAt(image: u32, y: f32, x: f32, channel: u32) -> f32 {
  return byteAt(image, (min(u32(y), ${height - 1}u) * ${width}u + min(u32(x), ${width - 1}u)) * ${channels}u + channel);
}
fn valueOf(image: u32, row: u32, place: u32) -> f32 {
  let channel = place % ${channels}u;
  let flip = u32(number(row, 6u));
  let r0 = place / ${width * channels}u;
  let c0 = place / ${channels}u % ${width}u;
  let r = f32(select(r0, ${height - 1}u - r0, (flip & 2u) != 0u));
  let c = f32(select(c0, ${width - 1}u - c0, (flip & 1u) != 0u));
  var v = vec2f(number(row, 0u) * r + number(row, 1u) * c + number(row, 2u), number(row, 3u) * r + number(row, 4u) * c + number(row, 5u));
  ${fillMode === 'constant' ? outside : moved}
  let corner = floor(v);
  let far = v - corner;
  let near = 1.0f - far;
  return pixelAt(image, corner.x, corner.y, channel) * near.x * near.y + pixelAt(image, corner.x, corner.y + 1.0f, channel) * near.x * far.y
    + pixelAt(image, corner.x + 1.0f, corner.y, channel) * far.x * near.y + pixelAt(image, corner.x + 1.0f, corner.y + 1.0f, channel) * far.x * far.y;
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
let image = rows[row];
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
