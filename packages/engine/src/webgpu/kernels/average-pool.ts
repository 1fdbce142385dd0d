/* Average pools and the global max pool: see ops/average-pool.ts. */
import type { GpuKernels, Window } from '../../ops/gpu-table.ts'
import { finishText } from './finish.ts'
import { eachOf, readText, type Shader, splitText, vectorsOf, writeText } from './shader.ts'

/** `fn insideOf(row, column)`: how many places of the window at an output place lie inside the image. */
function countText({ kernel, strides, top, left }: Window, height: number, width: number): string {
  const along = (place: string, stride: number, before: number, size: number, length: number): string =>
    `min(${place} * ${stride} - ${before} + ${size}, ${length}) - max(${place} * ${stride} - ${before}, 0)`
  return `fn insideOf(row: i32, column: i32) -> f32 {
  return f32((${along('row', strides[0], top, kernel[0], height)}) * (${along('column', strides[1], left, kernel[1], width)}));
}`
}

export function averagePool({ x, y, window, finish }: GpuKernels['averagePool']): Shader {
  const { kernel, strides, top, left } = window
  const body = `${splitText(y)}let place = pixel % ${y.height * y.width}u;
let image = pixel / ${y.height * y.width}u * ${x.height * x.width}u;
let row = i32(place / ${y.width}u);
let column = i32(place % ${y.width}u);
var sum = vec4f();
for (var r = max(row * ${strides[0]} - ${top}, 0); r < min(row * ${strides[0]} - ${top} + ${kernel[0]}, ${x.height}); r++) {
  for (var s = max(column * ${strides[1]} - ${left}, 0); s < min(column * ${strides[1]} - ${left} + ${kernel[1]}, ${x.width}); s++) {
    sum += xOf(image + u32(r) * ${x.width}u + u32(s), group);
  }
}
putY(pixel, group, finished(sum / insideOf(row, column), pixel, group));`
  const parts = [readText('x', x), writeText('y', y), countText(window, x.height, x.width), finishText(finish, y)]
  return eachOf(`average ${x.name}`, vectorsOf(y), parts, body)
}

export function averagePoolGrad({ dy, dx, window }: GpuKernels['averagePoolGrad']): Shader {
  const { kernel, strides, top, left } = window
  const body = `${splitText(dx)}let place = pixel % ${dx.height * dx.width}u;
let image = pixel / ${dx.height * dx.width}u * ${dy.height * dy.width}u;
var sum = vec4f();
for (var place_in = 0; place_in < ${kernel[0] * kernel[1]}; place_in++) {
  let row = i32(place / ${dx.width}u) + ${top} - place_in / ${kernel[1]};
  let column = i32(place % ${dx.width}u) + ${left} - place_in % ${kernel[1]};
  if (row < 0 || column < 0 || row % ${strides[0]} != 0 || column % ${strides[1]} != 0 || row / ${strides[0]} >= ${dy.height} || column / ${strides[1]} >= ${dy.width}) { continue; }
  sum += dyOf(image + u32(row / ${strides[0]} * ${dy.width} + column / ${strides[1]}), group) / insideOf(row / ${strides[0]}, column / ${strides[1]});
}
putDx(pixel, group, sum);`
  const parts = [readText('dy', dy), writeText('dx', dx), countText(window, dx.height, dx.width)]
  return eachOf(`gradient ${dx.name}`, vectorsOf(dx), parts, body)
}

export function globalMax({ x, y }: GpuKernels['globalMax']): Shader {
  const pixels = x.height * x.width
  const body = `${splitText(y)}var best = xOf(pixel * ${pixels}u, group);
for (var p = 1u; p < ${pixels}u; p++) {
  let v = xOf(pixel * ${pixels}u + p, group);
  best = select(best, v, v > best);
}
putY(pixel, group, best);`
  return eachOf(`maximum of ${x.name}`, vectorsOf(y), [readText('x', x), writeText('y', y)], body)
}

export function globalMaxGrad({ x, y, dy, dx }: GpuKernels['globalMaxGrad']): Shader {
  const pixels = x.height * x.width
  const body = `${splitText(y)}let best = yOf(pixel, group);
var holders = vec4f();
for (var p = 0u; p < ${pixels}u; p++) {
  holders += select(vec4f(), vec4f(1.0f), xOf(pixel * ${pixels}u + p, group) == best);
}
let part = dyOf(pixel, group) / holders;
for (var p = 0u; p < ${pixels}u; p++) {
  putDx(pixel * ${pixels}u + p, group, select(vec4f(), part, xOf(pixel * ${pixels}u + p, group) == best));
}`
  const parts = [readText('x', x), readText('y', y), readText('dy', dy), writeText('dx', dx)]
  return eachOf(`gradient ${dx.name}`, vectorsOf(y), parts, body)
}
