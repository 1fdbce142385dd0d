/* Images laid out anew: shifted into or out of others, repeated, averaged. */
import type { GpuKernels } from '../../ops/gpu-table.ts'
import { finishText } from './finish.ts'
import { at, eachOf, loaded, putText, readText, type Shader, splitText, vectorsOf, writeText } from './shader.ts'

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
