/* Max pooling with any window, stride and padding; the winner is the first largest value of its window, in row order. */
import type { GpuKernels } from '../../ops/gpu-table.ts'
import { finishText, maskText } from './finish.ts'
import { eachOf, readText, type Shader, vectorsOf, writeText } from './shader.ts'

export function maxPool({ x, y, window, winner, finish }: GpuKernels['maxPool']): Shader {
  const [poolY, poolX] = window.kernel
  const groups = y.columns / 4
  const body = `let pixel = i / ${groups}u;
let group = i % ${groups}u;
let inImage = pixel % ${y.height * y.width}u;
let image = pixel / ${y.height * y.width}u * ${x.height * x.width}u;
let top = i32(inImage / ${y.width}u * ${window.strides[0]}u) - ${window.top};
let left = i32(inImage % ${y.width}u * ${window.strides[1]}u) - ${window.left};
var best = vec4f();
var won = vec4f(-1.0f);
for (var place = 0; place < ${poolY * poolX}; place++) {
  let y = top + place / ${poolX};
  let x = left + place % ${poolX};
  if (y < 0 || y >= ${x.height} || x < 0 || x >= ${x.width}) { continue; }
  let v = xOf(image + u32(y) * ${x.width}u + u32(x), group);
  let wins = (won < vec4f()) | (v > best);
  best = select(best, v, wins);
  won = select(won, vec4f(f32(place)), wins);
}
putY(pixel, group, finished(best, pixel, group));
${winner ? 'putWinner(pixel, group, won);' : ''}`
  const parts = [readText('x', x), writeText('y', y), winner ? writeText('winner', winner) : '', finishText(finish, y)]
  return eachOf(`pool ${x.name}`, vectorsOf(y), parts, body)
}

/** Each pixel collects the gradients of the windows that it has won. */
export function maxPoolGrad({ dy, dx, window, winner, mask }: GpuKernels['maxPoolGrad']): Shader {
  const [poolY, poolX] = window.kernel
  const [strideY, strideX] = window.strides
  const groups = dx.columns / 4
  const body = `let pixel = i / ${groups}u;
let group = i % ${groups}u;
let inImage = pixel % ${dx.height * dx.width}u;
let image = pixel / ${dx.height * dx.width}u * ${dy.height * dy.width}u;
var d = vec4f();
for (var place = 0; place < ${poolY * poolX}; place++) {
  let y = i32(inImage / ${dx.width}u) + ${window.top} - place / ${poolX};
  let x = i32(inImage % ${dx.width}u) + ${window.left} - place % ${poolX};
  if (y < 0 || x < 0 || y % ${strideY} != 0 || x % ${strideX} != 0 || y / ${strideY} >= ${dy.height} || x / ${strideX} >= ${dy.width}) { continue; }
  let at = image + u32(y / ${strideY}) * ${dy.width}u + u32(x / ${strideX});
  d += select(vec4f(), dyOf(at, group), winnerOf(at, group) == vec4f(f32(place)));
}
putDx(pixel, group, masked(d, dxAt(pixel, group)));`
  const parts = [writeText('dx', dx), readText('dy', dy), readText('winner', winner), maskText(mask, dx)]
  return eachOf(`gradient ${dx.name}`, vectorsOf(dx), parts, body)
}
