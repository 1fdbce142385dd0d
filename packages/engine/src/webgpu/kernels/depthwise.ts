/* Depthwise convolution: see ops/depthwise-conv2d.ts. Weights lie as [place][output channel]. */
import type { GpuKernels, Window } from '../../ops/gpu-table.ts'
import { biasRow, storedRows } from '../../ops/product.gpu.ts'
import { finishText } from './finish.ts'
import { at, eachOf, readText, type Shader, splitText, vectorsOf, writeText } from './shader.ts'

/** Four values of x that output channels from `group` on read. */
function channelsText(multiplier: number, channels: number): string {
  if (multiplier === 1) return 'fn readAt(pixel: u32, group: u32) -> vec4f { return xOf(pixel, group); }'
  const lane = (i: number): string => `oneAt(pixel, (group * 4u + ${i}u) / ${multiplier}u)`
  return `fn oneAt(pixel: u32, channel: u32) -> f32 {
  if (channel >= ${channels}u) { return 0.0f; }
  return xOf(pixel, channel / 4u)[channel % 4u];
}
fn readAt(pixel: u32, group: u32) -> vec4f { return vec4f(${[0, 1, 2, 3].map(lane).join(', ')}); }`
}

/** A loop over the window at output place (`row`, `column`): `place`, and `from`, the pixel of x, of those inside. */
function eachPlace(
  { kernel, strides, dilation, top, left }: Window,
  x: { readonly height: number; readonly width: number },
  body: string,
): string {
  return `for (var place = 0; place < ${kernel[0] * kernel[1]}; place++) {
  let y = row * ${strides[0]} + place / ${kernel[1]} * ${dilation[0]} - ${top};
  let x = column * ${strides[1]} + place % ${kernel[1]} * ${dilation[1]} - ${left};
  if (y < 0 || y >= ${x.height} || x < 0 || x >= ${x.width}) { continue; }
  ${body}
}`
}

export function depthwise({ x, y, window, multiplier, w, bias, finish }: GpuKernels['depthwise']): Shader {
  const read = `sum += readAt(image + u32(y) * ${x.width}u + u32(x), group) * arena[${at(w.at)}u + u32(place) * ${y.columns / 4}u + group];`
  const body = `${splitText(y)}let inImage = pixel % ${y.height * y.width}u;
let image = pixel / ${y.height * y.width}u * ${x.height * x.width}u;
let row = i32(inImage / ${y.width}u);
let column = i32(inImage % ${y.width}u);
var sum = ${bias ? `arena[${at(bias)}u + group]` : 'vec4f()'};
${eachPlace(window, x, read)}
putY(pixel, group, finished(sum, pixel, group));`
  const parts = [readText('x', x), writeText('y', y), channelsText(multiplier, x.channels), finishText(finish, y)]
  return eachOf(`depthwise ${y.name}`, vectorsOf(y), parts, body)
}

export function depthwiseDx({ dz, dx, window, multiplier, w }: GpuKernels['depthwiseDx']): Shader {
  const { kernel, strides, dilation, top, left } = window
  const weight = (group: string): string => `arena[${at(w.at)}u + u32(place) * ${dz.columns / 4}u + ${group}]`
  const lanes = `for (var lane = 0u; lane < 4u; lane++) {
    for (var k = 0u; k < ${multiplier}u; k++) {
      let o = (group * 4u + lane) * ${multiplier}u + k;
      if (o < ${dz.channels}u) { sum[lane] += dzOf(from_pixel, o / 4u)[o % 4u] * ${weight('o / 4u')}[o % 4u]; }
    }
  }`
  const body = `${splitText(dx)}let inImage = pixel % ${dx.height * dx.width}u;
let image = pixel / ${dx.height * dx.width}u * ${dz.height * dz.width}u;
var sum = vec4f();
for (var place = 0; place < ${kernel[0] * kernel[1]}; place++) {
  let y = i32(inImage / ${dx.width}u) + ${top} - place / ${kernel[1]} * ${dilation[0]};
  let x = i32(inImage % ${dx.width}u) + ${left} - place % ${kernel[1]} * ${dilation[1]};
  if (y < 0 || x < 0 || y % ${strides[0]} != 0 || x % ${strides[1]} != 0 || y / ${strides[0]} >= ${dz.height} || x / ${strides[1]} >= ${dz.width}) { continue; }
  let from_pixel = image + u32(y / ${strides[0]} * ${dz.width} + x / ${strides[1]});
  ${multiplier === 1 ? `sum += dzOf(from_pixel, group) * ${weight('group')};` : lanes}
}
putDx(pixel, group, sum);`
  return eachOf(`gradient ${dx.name}`, vectorsOf(dx), [readText('dz', dz), writeText('dx', dx)], body)
}

/** One thread for a place (or the bias), a group of channels and a group of pixels. */
export function depthwiseDw({ x, dz, window, multiplier, partial }: GpuKernels['depthwiseDw']): Shader {
  const groups = dz.columns / 4
  const places = window.kernel[0] * window.kernel[1]
  const stored = storedRows(places)
  const pixels = dz.batch * dz.height * dz.width
  const size = Math.ceil(pixels / partial.splits)
  const { strides, dilation, top, left, kernel } = window
  const body = `let split = i / ${stored * groups}u;
let place = i32(i / ${groups}u % ${stored}u);
let group = i % ${groups}u;
var sum = vec4f();
for (var pixel = split * ${size}u; pixel < min((split + 1u) * ${size}u, ${pixels}u); pixel++) {
  let d = dzOf(pixel, group);
  if (place >= ${places}) { sum += select(vec4f(), d, place == ${biasRow(places)}); continue; }
  let inImage = pixel % ${dz.height * dz.width}u;
  let y = i32(inImage / ${dz.width}u) * ${strides[0]} + place / ${kernel[1]} * ${dilation[0]} - ${top};
  let x = i32(inImage % ${dz.width}u) * ${strides[1]} + place % ${kernel[1]} * ${dilation[1]} - ${left};
  if (y < 0 || y >= ${x.height} || x < 0 || x >= ${x.width}) { continue; }
  sum += d * readAt(pixel / ${dz.height * dz.width}u * ${x.height * x.width}u + u32(y) * ${x.width}u + u32(x), group);
}
arena[${at(partial.at)}u + i] = sum;`
  const parts = [readText('x', x), readText('dz', dz), channelsText(multiplier, x.channels)]
  return eachOf(`gradient of ${dz.name}`, partial.splits * stored * groups, parts, body)
}
