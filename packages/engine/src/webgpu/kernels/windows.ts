/* WGSL functions by which the products read images, gradients and kernels. What lies outside is zero. */
import type { Tensor, WeightRef } from '../../ops/emitter.ts'
import type { Window } from '../../ops/gpu-table.ts'
import { at, loaded } from './shader.ts'

/** A row that no window reaches, and a tap that none has: the sum of both is outside too. */
const NO_PIXEL = -1_000_000
const NO_TAP = 3_000_000

/** Pixels and places of a window as the kernel is stored: one number a tap where a lone channel stays packed. */
export function isPackedImage({ pixel, height, width }: Tensor): boolean {
  return pixel % 16 !== 0 && height * width > 1
}

/** Places of a window times channels: rows of the kernel. */
export function depthOf({ kernel }: Window, columns: number): number {
  return kernel[0] * kernel[1] * columns
}

/** `pixelOf(index)`, `tapOf(k)` and `valueAt(pixel, tap)`: four values of x that an output pixel's window has from k on. */
export function windowText(x: Tensor, y: Pick<Tensor, 'batch' | 'height' | 'width'>, window: Window): string {
  const pixels = y.height * y.width
  const { kernel, strides, dilation, top, left } = window
  const depth = depthOf(window, x.columns)
  const packed = isPackedImage(x)
  const unit = packed ? 4 : 16
  const pixelOf = `struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= ${y.batch * pixels}u) { return Pixel(0u, ${NO_PIXEL}, 0); }
  let image = index / ${pixels}u;
  let place = index % ${pixels}u;
  return Pixel(${(at(x.at) * 16) / unit}u + image * ${x.image / unit}u, i32(place / ${y.width}u * ${strides[0]}u) - ${top}, i32(place % ${y.width}u * ${strides[1]}u) - ${left});
}`
  const inside = `(u32(y) >= ${x.height}u || u32(x) >= ${x.width}u)`
  // A sample of one pixel may end in the middle of a vector; what stands behind it is zeros.
  const row = Math.ceil(x.row / unit)
  const pixel = Math.ceil(x.pixel / unit)
  if (packed) {
    return `${pixelOf}
fn tapOf(k: u32) -> u32 { return k; }
fn oneAt(pixel: Pixel, k: u32) -> f32 {
  let y = pixel.y + i32(k / ${kernel[1]}u * ${dilation[0]}u);
  let x = pixel.x + i32(k % ${kernel[1]}u * ${dilation[1]}u);
  if (k >= ${depth}u || ${inside}) { return 0.0f; }
  let word = pixel.at + u32(y) * ${row}u + u32(x);
  return ${loaded(x, 'word / 4u')}[word % 4u];
}
fn valueAt(pixel: Pixel, k: u32) -> vec4f {
  return vec4f(oneAt(pixel, k), oneAt(pixel, k + 1u), oneAt(pixel, k + 2u), oneAt(pixel, k + 3u));
}`
  }
  return `${pixelOf}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= ${depth}u) { return Tap(${NO_TAP}, 0, 0u); }
  let tap = k / ${x.columns}u;
  return Tap(i32(tap / ${kernel[1]}u * ${dilation[0]}u), i32(tap % ${kernel[1]}u * ${dilation[1]}u), k % ${x.columns}u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  let y = pixel.y + tap.y;
  let x = pixel.x + tap.x;
  if ${inside} { return vec4f(); }
  return ${loaded(x, `pixel.at + u32(y) * ${row}u + u32(x) * ${pixel}u + tap.group`)};
}`
}

/** The same the other way: `valueAt` gives four values of dz of the window place through which an input pixel was read. */
export function mirroredText(dz: Tensor, dx: Tensor, { kernel, strides, dilation, top, left }: Window): string {
  const pixels = dx.height * dx.width
  const strided = strides[0] > 1 || strides[1] > 1
  const skip = strided
    ? `  if (y < 0 || x < 0 || y % ${strides[0]} != 0 || x % ${strides[1]} != 0) { return vec4f(); }
  y /= ${strides[0]};
  x /= ${strides[1]};
`
    : ''
  const declare = strided ? 'var' : 'let'
  return `struct Pixel { at: u32, y: i32, x: i32 }
fn pixelOf(index: u32) -> Pixel {
  if (index >= ${dx.batch * pixels}u) { return Pixel(0u, ${NO_PIXEL}, 0); }
  let image = index / ${pixels}u;
  let place = index % ${pixels}u;
  return Pixel(${at(dz.at)}u + image * ${dz.image / 16}u, i32(place / ${dx.width}u) + ${top}, i32(place % ${dx.width}u) + ${left});
}
struct Tap { y: i32, x: i32, group: u32 }
fn tapOf(k: u32) -> Tap {
  if (k >= ${kernel[0] * kernel[1] * dz.columns}u) { return Tap(${NO_TAP}, 0, 0u); }
  let tap = k / ${dz.columns}u;
  return Tap(i32(tap / ${kernel[1]}u * ${dilation[0]}u), i32(tap % ${kernel[1]}u * ${dilation[1]}u), k % ${dz.columns}u / 4u);
}
fn valueAt(pixel: Pixel, tap: Tap) -> vec4f {
  ${declare} y = pixel.y - tap.y;
  ${declare} x = pixel.x - tap.x;
${skip}  if (u32(y) >= ${dz.height}u || u32(x) >= ${dz.width}u) { return vec4f(); }
  return ${loaded(dz, `pixel.at + u32(y) * ${dz.row / 16}u + u32(x) * ${dz.pixel / 16}u + tap.group`)};
}`
}

/** `fn weightAt(row, column)`: where four columns of a kernel lie, in panels of eight, or of a depthwise one in rows of `columns`. */
export function panelText({ at: place, panelBytes }: WeightRef, columns = 0): string {
  const within =
    panelBytes === 0
      ? `row * ${columns / 4}u + column / 4u`
      : `column / 8u * ${panelBytes / 16}u + row * 2u + column / 4u % 2u`
  return `fn weightAt(row: u32, column: u32) -> u32 {
  return ${at(place)}u + ${within};
}`
}
