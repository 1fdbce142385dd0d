/* Images laid out anew: shifted into or out of others, repeated, averaged. */
import type { GpuKernels } from '../../ops/gpu-table.ts'
import { finishText } from './finish.ts'
import { at, eachOf, float, loaded, putText, readText, type Shader, splitText, vectorsOf, writeText } from './shader.ts'

export function shift({ x, y, rows, columns, channels, keep, finish }: GpuKernels['shift']): Shader {
  const body = `${splitText(y)}let place = pixel % ${y.height * y.width}u;
let row = i32(place / ${y.width}u) + ${rows};
let column = i32(place % ${y.width}u) + ${columns};
let inside = row >= 0 && row < ${x.height} && column >= 0 && column < ${x.width};
var v = ${keep ? 'yOf(pixel, group)' : 'vec4f()'};
for (var lane = 0u; lane < 4u; lane++) {
  let to = group * 4u + lane;
  let from_channel = i32(to) + ${channels};
  if (to >= ${y.channels}u) { v[lane] = 0.0f; }
  else if (inside && from_channel >= 0 && from_channel < ${x.channels}) {
    let word = ${at(x.at) * 4}u + pixel / ${y.height * y.width}u * ${x.image / 4}u + u32(row) * ${x.row / 4}u + u32(column) * ${x.pixel / 4}u + u32(from_channel);
    v[lane] = ${loaded(x, 'word / 4u')}[word % 4u];
  }
}
putY(pixel, group, finished(v, pixel, group));`
  return eachOf(
    `shift ${x.name}`,
    vectorsOf(y),
    [keep ? readText('y', y) : '', keep ? putText('y', y) : writeText('y', y), finishText(finish, y)],
    body,
  )
}

export function upSample({ x, y, size, finish }: GpuKernels['upSample']): Shader {
  const body = `${splitText(y)}let place = pixel % ${y.height * y.width}u;
let source = pixel / ${y.height * y.width}u * ${x.height * x.width}u + place / ${y.width * size[0]}u * ${x.width}u + place % ${y.width}u / ${size[1]}u;
putY(pixel, group, finished(xOf(source, group), pixel, group));`
  return eachOf(`repeat ${x.name}`, vectorsOf(y), [readText('x', x), writeText('y', y), finishText(finish, y)], body)
}

export function upSampleGrad({ dy, dx, size }: GpuKernels['upSampleGrad']): Shader {
  const body = `${splitText(dx)}let place = pixel % ${dx.height * dx.width}u;
let corner = pixel / ${dx.height * dx.width}u * ${dy.height * dy.width}u + place / ${dx.width}u * ${dy.width * size[0]}u + place % ${dx.width}u * ${size[1]}u;
var sum = vec4f();
for (var r = 0u; r < ${size[0]}u; r++) {
  for (var s = 0u; s < ${size[1]}u; s++) { sum += dyOf(corner + r * ${dy.width}u + s, group); }
}
putDx(pixel, group, sum);`
  return eachOf(`gradient ${dx.name}`, vectorsOf(dx), [readText('dy', dy), writeText('dx', dx)], body)
}

/** `fn nameOf(i)`: where output i lies along an axis of `size` pixels; beyond the ends it is their place. */
function placeText(name: string, size: number, factor: number, centers: boolean): string {
  const place = centers ? `(f32(i) + 0.5f) / ${float(factor)} - 0.5f` : `f32(i) / ${float(factor)}`
  return `fn ${name}(i: u32) -> f32 { return clamp(${place}, 0.0f, ${float(size - 1)}); }`
}

export function upSampleBilinear({ x, y, size, centers, finish }: GpuKernels['upSampleBilinear']): Shader {
  const body = `${splitText(y)}let image = pixel / ${y.height * y.width}u * ${x.height * x.width}u;
let place = pixel % ${y.height * y.width}u;
let down = rowOf(place / ${y.width}u);
let across = columnOf(place % ${y.width}u);
let row = u32(down);
let column = u32(across);
let upper = image + row * ${x.width}u;
let lower = image + min(row + 1u, ${x.height - 1}u) * ${x.width}u;
let right = min(column + 1u, ${x.width - 1}u);
let above = mix(xOf(upper + column, group), xOf(upper + right, group), across - f32(column));
let below = mix(xOf(lower + column, group), xOf(lower + right, group), across - f32(column));
putY(pixel, group, finished(mix(above, below, down - f32(row)), pixel, group));`
  const parts = [
    readText('x', x),
    writeText('y', y),
    placeText('rowOf', x.height, size[0], centers),
    placeText('columnOf', x.width, size[1], centers),
    finishText(finish, y),
  ]
  return eachOf(`enlarge ${x.name}`, vectorsOf(y), parts, body)
}

/** An output's share of a pixel falls with their distance, from 1 at its place to 0 at its neighbours'. */
export function upSampleBilinearGrad({ dy, dx, size, centers }: GpuKernels['upSampleBilinearGrad']): Shader {
  const [sizeY, sizeX] = size
  const range = (at: string, factor: number, outputs: number): string =>
    `max(${at}, 1u) * ${factor}u - ${factor}u, min((${at} + 2u) * ${factor}u, ${outputs}u)`
  const body = `${splitText(dx)}let image = pixel / ${dx.height * dx.width}u * ${dy.height * dy.width}u;
let place = pixel % ${dx.height * dx.width}u;
let row = place / ${dx.width}u;
let column = place % ${dx.width}u;
let rows = vec2u(${range('row', sizeY, dy.height)});
let columns = vec2u(${range('column', sizeX, dy.width)});
var sum = vec4f();
for (var i = rows.x; i < rows.y; i++) {
  let share = 1.0f - abs(rowOf(i) - f32(row));
  if (share <= 0.0f) { continue; }
  for (var j = columns.x; j < columns.y; j++) {
    sum += share * max(1.0f - abs(columnOf(j) - f32(column)), 0.0f) * dyOf(image + i * ${dy.width}u + j, group);
  }
}
putDx(pixel, group, sum);`
  const parts = [
    readText('dy', dy),
    writeText('dx', dx),
    placeText('rowOf', dx.height, sizeY, centers),
    placeText('columnOf', dx.width, sizeX, centers),
  ]
  return eachOf(`gradient ${dx.name}`, vectorsOf(dx), parts, body)
}
