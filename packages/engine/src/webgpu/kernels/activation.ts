/* Activations that need their input for the gradient, or all channels of a pixel; and Gaussian noise. Formulas: ops/activation.ts. */
import type { Tensor } from '../../ops/emitter.ts'
import type { GpuKernels } from '../../ops/gpu-table.ts'
import { finishText, keptText } from './finish.ts'
import { eachOf, float, readText, type Shader, splitText, vectorsOf, writeText } from './shader.ts'
import { normalText } from './threefry.ts'

/** The share of a normal distribution below x: Abramowitz and Stegun 7.1.26. */
const normalShare = `fn share(x: vec4f) -> vec4f {
  let a = abs(x) * 0.7071067811865476f;
  let t = 1.0f / (0.3275911f * a + 1.0f);
  let y = ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t + 0.254829592f) * t;
  let tail = 0.5f * y * exp(-a * a);
  return select(tail, 1.0f - tail, x > vec4f());
}`
const sigmoid = 'fn share(x: vec4f) -> vec4f { return 1.0f / (1.0f + exp(-x)); }'

export function activate({ x, y, activation, finish }: GpuKernels['activate']): Shader {
  const parts = [readText('x', x), writeText('y', y), keptText(y), finishText(finish, y)]
  if (activation === 'softmax') return softmax(x, y, parts)
  const body = `${splitText(y)}let v = xOf(pixel, group);
putY(pixel, group, finished(v * share(v), pixel, group));`
  return eachOf(
    `${activation} ${x.name}`,
    vectorsOf(y),
    [...parts, activation === 'swish' ? sigmoid : normalShare],
    body,
  )
}

function softmax(x: Tensor, y: Tensor, parts: readonly string[]): Shader {
  const body = `let pixel = i;
var top = xOf(pixel, 0u).x;
for (var c = 1u; c < ${x.channels}u; c++) { top = max(top, xOf(pixel, c / 4u)[c % 4u]); }
var sum = 0.0f;
for (var c = 0u; c < ${x.channels}u; c++) { sum += exp(xOf(pixel, c / 4u)[c % 4u] - top); }
for (var group = 0u; group < ${y.columns / 4}u; group++) {
  let v = exp(xOf(pixel, group) - top) / sum;
  putY(pixel, group, finished(kept(v, group), pixel, group));
}`
  return eachOf(`softmax ${x.name}`, y.batch * y.height * y.width, parts, body)
}

export function activateGrad({ v, dy, dx, activation }: GpuKernels['activateGrad']): Shader {
  const parts = [readText('v', v), readText('dy', dy), writeText('dx', dx)]
  if (activation === 'softmax') {
    const body = `let pixel = i;
var sum = 0.0f;
for (var group = 0u; group < ${v.columns / 4}u; group++) { sum += dot(vOf(pixel, group), dyOf(pixel, group)); }
for (var group = 0u; group < ${v.columns / 4}u; group++) {
  putDx(pixel, group, vOf(pixel, group) * (dyOf(pixel, group) - sum));
}`
    return eachOf(`gradient ${dx.name}`, v.batch * v.height * v.width, parts, body)
  }
  const slope =
    activation === 'swish'
      ? 'p * (1.0f + x * (1.0f - p))'
      : `p + x * ${float(1 / Math.sqrt(2 * Math.PI))} * exp(-0.5f * x * x)`
  const body = `${splitText(v)}let x = vOf(pixel, group);
let p = share(x);
putDx(pixel, group, dyOf(pixel, group) * (${slope}));`
  return eachOf(`gradient ${dx.name}`, vectorsOf(v), [...parts, activation === 'swish' ? sigmoid : normalShare], body)
}

/** Two channels share a counter: see core's threefry.ts. */
export function noise({ x, y, seed, stream, stddev, finish }: GpuKernels['noise']): Shader {
  const pairs = Math.ceil(x.channels / 2)
  const body = `${splitText(y)}let first = pixel * ${pairs}u + group * 2u;
let z = vec4f(normal(first), normal(first + 1u)) * ${float(stddev)};
let v = xOf(pixel, group) + z;
putY(pixel, group, finished(kept(v, group), pixel, group));`
  const parts = [readText('x', x), writeText('y', y), normalText({ seed, stream }), keptText(y), finishText(finish, y)]
  return eachOf(`noise on ${x.name}`, vectorsOf(y), parts, body)
}
