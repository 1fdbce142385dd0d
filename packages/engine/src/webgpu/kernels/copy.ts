/* Kernels that move values and do no more with them than an op's finish. */
import type { GpuKernels } from '../../ops/gpu-table.ts'
import { finishText, unfinishText } from './finish.ts'
import { at, eachOf, loaded, putText, readText, type Shader, splitText, vectorsOf, writeText } from './shader.ts'

export function copy({ x, y, add, finish }: GpuKernels['copy']): Shader {
  const parts = [
    readText('x', x),
    add ? readText('y', y) : '',
    add ? putText('y', y) : writeText('y', y),
    finishText(finish, y),
  ]
  const value = `xOf(pixel, group)${add ? ' + yOf(pixel, group)' : ''}`
  const body = `${splitText(y)}putY(pixel, group, finished(${value}, pixel, group));`
  return eachOf(`copy ${x.name}`, vectorsOf(y), parts, body)
}

export function finishGrad({ y, dy, finish }: GpuKernels['finishGrad']): Shader {
  const body = `${splitText(y)}putDy(pixel, group, unfinished(dyOf(pixel, group), yOf(pixel, group), pixel, group));`
  const parts = [readText('y', y), readText('dy', dy), putText('dy', dy), unfinishText(finish, y)]
  return eachOf(`gradient before ${y.name}`, vectorsOf(y), parts, body)
}

/** Values in row-major order, from one shape to another; the padding of y is zeros. */
export function relayout({ x, y, finish }: GpuKernels['relayout']): Shader {
  const values = y.height * y.width * y.channels
  const unit = x.pixel / 4
  const body = `${splitText(y)}let image = pixel / ${y.height * y.width}u;
var v = vec4f();
for (var lane = 0u; lane < 4u; lane++) {
  let channel = group * 4u + lane;
  let index = pixel % ${y.height * y.width}u * ${y.channels}u + channel;
  if (channel >= ${y.channels}u || index >= ${values}u) { continue; }
  let word = ${at(x.at) * 4}u + image * ${x.image / 4}u + index / ${x.channels}u * ${unit}u + index % ${x.channels}u;
  v[lane] = ${loaded(x, 'word / 4u')}[word % 4u];
}
putY(pixel, group, finished(v, pixel, group));`
  return eachOf(`reshape ${x.name}`, vectorsOf(y), [writeText('y', y), finishText(finish, y)], body)
}
